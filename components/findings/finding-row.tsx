import Link from "next/link";
import { Age, Time } from "@/components/ui/time";
import type { Action } from "@/lib/action";
import type { FindingDto } from "@/lib/findings/schemas";
import { AcknowledgeFinding } from "./acknowledge-finding";
import { FindingMark } from "./finding-mark";

/** What is looked at around a finding, on either side of it. */
const AROUND_MS = 3 * 3_600_000;

/** One finding with all that is known of it, and what can be done. */
export function FindingRow(props: {
  finding: FindingDto;
  timezone: string;
  /** Undefined for who may only read. */
  acknowledge: Action<FindingDto> | undefined;
}) {
  const { finding, timezone, acknowledge } = props;
  const { state, from, to, meterId } = finding;
  const iso = (at: Date, by = 0) => new Date(at.getTime() + by).toISOString();
  return (
    <li id={finding.id} className="find">
      <FindingMark finding={finding} />
      <div>
        <b>{finding.label}</b>{" "}
        <span className="q">
          <Time at={from} until={to} zone={timezone} />
        </span>
        <p>
          {finding.sentence}{" "}
          <span className="qq">
            {inUnit(finding.figure, finding.unit)}, threshold {inUnit(finding.threshold, finding.unit)}
          </span>
        </p>
        {state !== "healed" && <p className="q">{finding.meaning}</p>}
        {finding.acknowledged && (
          <p className="q">
            Acknowledged by {finding.acknowledged.by} <Age at={finding.acknowledged.at} zone={timezone} />:{" "}
            {finding.acknowledged.reason}
          </p>
        )}
        <p className="row wrap">
          <Link
            className="link"
            href={`/data?meters=${meterId}&from=${iso(from, -AROUND_MS)}&to=${iso(to, AROUND_MS)}`}
          >
            Look at the data
          </Link>
          <Link className="link" href={`/tasks?meter=${meterId}&from=${iso(from)}&to=${iso(to)}`}>
            Tasks of that time
          </Link>
        </p>
      </div>
      <div className="tm">
        {finding.healedAt ? (
          <span>
            healed <Age at={finding.healedAt} zone={timezone} />
          </span>
        ) : (
          <span>
            found <Age at={finding.firstSeenAt} zone={timezone} />
          </span>
        )}
        {acknowledge && state === "open" && (
          <AcknowledgeFinding finding={{ id: finding.id, label: finding.label }} acknowledge={acknowledge} />
        )}
      </div>
    </li>
  );
}

/** `180 min`, `12.5 times`; up to four significant digits. */
function inUnit(value: number, unit: FindingDto["unit"]): string {
  const number = String(Number(value.toPrecision(4))).replace("-", "−");
  return `${number} ${unit === "rows" && value === 1 ? "row" : unit}`;
}
