import Link from "next/link";
import { Card, CardBody, CardHead } from "@/components/ui/card";
import { formatSigned } from "@/components/ui/format";
import type { RecordSummary } from "@/lib/mrv/schemas";
import { PeriodName } from "./period-name";
import { RecordStatusMark } from "./record-status";
import { decimalWords } from "./record-words";

/** Earlier periods of the meter and metric, each with how far this record is from it. */
export function EarlierCard({ record, earlier }: { record: RecordSummary; earlier: readonly RecordSummary[] }) {
  return (
    <Card>
      <CardHead title="Earlier periods" note={<span className="m-hide">and how far this one is from each</span>} rule />
      {earlier.length === 0 ? (
        <CardBody>
          <p className="q pt-3">This is the first record of the meter and metric.</p>
        </CardBody>
      ) : (
        <table className="tbl tight" aria-label="Earlier periods">
          <thead>
            <tr>
              <th>Period</th>
              <th className="r">Figure, {record.unit}</th>
              <th className="r">Difference</th>
              <th className="p1">Record</th>
            </tr>
          </thead>
          <tbody>
            {earlier.map((each) => (
              <tr key={each.id}>
                <td className="m1">
                  <Link className="strong" href={`/mrv/records/${each.id}`}>
                    <PeriodName from={each.periodStart} to={each.periodEnd} zone={each.timezone} />
                  </Link>
                </td>
                <td className="r m3">
                  {each.value === null ? <span className="qq">none</span> : decimalWords(each.value, 3)}
                  <span className="m-only qq"> {record.unit}</span>
                </td>
                <td className="r m2">{differenceWords(record.value, each.value)}</td>
                <td className="p1">
                  <RecordStatusMark record={each} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Card>
  );
}

function differenceWords(now: string | null, before: string | null): string {
  const [a, b] = [Number(now ?? Number.NaN), Number(before ?? Number.NaN)];
  if (!Number.isFinite(a) || !Number.isFinite(b)) return "not comparable";
  if (b === 0) return a === 0 ? "0.0 %" : "from nothing";
  return `${formatSigned(((a - b) / Math.abs(b)) * 100)} %`;
}
