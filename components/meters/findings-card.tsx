import Link from "next/link";
import { Card, CardHead } from "@/components/ui/card";
import { StateMark } from "@/components/ui/state";
import { Age, Time } from "@/components/ui/time";
import type { Action } from "@/lib/action";
import type { FindingRow, MeterFindings } from "@/lib/findings/queries";
import { AcknowledgeFinding } from "./acknowledge-finding";

/** What the checks found in a meter's readings: what nobody has looked at first, what has healed last. */
export function FindingsCard(props: {
  findings: MeterFindings;
  meterId: string;
  timezone: string;
  /** Undefined for who may only read. */
  acknowledge: Action<{ findingId: string }> | undefined;
}) {
  const { findings, meterId, timezone, acknowledge } = props;
  return (
    <Card id="findings">
      <CardHead title="Findings" note={findings.open === 0 ? "none open" : `${findings.open} open`} rule />
      {findings.rows.map((row) => (
        <div key={row.id} className="find">
          <StateMark state={row.clearedAt ? "succeeded" : row.acknowledged ? "pending" : "person"} />
          <b>{row.label}</b>
          <span className="tm">
            {row.clearedAt ? (
              <>
                healed <Age at={row.clearedAt} zone={timezone} />
              </>
            ) : (
              <Age at={row.firstSeenAt} zone={timezone} />
            )}
          </span>
          <span className="d">
            <Link href={`/data?meters=${meterId}&from=${row.from}&to=${row.to}`}>
              <Time at={row.from} until={row.to} zone={timezone} />
            </Link>
            . {row.sentence} <FigureWords row={row} />
          </span>
          {!row.clearedAt && <span className="d">{row.meaning}</span>}
          {row.acknowledged && (
            <span className="d">
              Acknowledged by {row.acknowledged.by}: {row.acknowledged.reason}
            </span>
          )}
          {acknowledge && !row.clearedAt && !row.acknowledged && (
            <span className="d">
              <AcknowledgeFinding finding={{ id: row.id, label: row.label }} acknowledge={acknowledge} />
            </span>
          )}
        </div>
      ))}
      {findings.isCut && <p className="find q">Older ones are not shown.</p>}
    </Card>
  );
}

function FigureWords({ row }: { row: FindingRow }) {
  const words = (value: number) => `${Number(value.toPrecision(4))} ${row.unit}`.replace("-", "−");
  return (
    <>
      {words(row.figure)}, threshold {words(row.threshold)}.
    </>
  );
}
