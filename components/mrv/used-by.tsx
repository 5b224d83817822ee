import Link from "next/link";
import type { RecordSummary } from "@/lib/mrv/schemas";
import { PeriodName } from "./period-name";
import { recordLooks } from "./record-words";

const MOST = 5;

/** Records that used something, newest first, a few by name. Nothing where there are none. */
export function UsedBy({ records, words = "Used by" }: { records: readonly RecordSummary[]; words?: string }) {
  if (records.length === 0) return null;
  return (
    <p className="figs q">
      {words}{" "}
      {records.slice(0, MOST).map((record, index) => (
        <span key={record.id}>
          {index > 0 && ", "}
          <Link className="link" href={`/mrv/records/${record.id}`}>
            <PeriodName from={record.periodStart} to={record.periodEnd} zone={record.timezone} />
          </Link>{" "}
          <span className="qq">({recordLooks[record.status].word.toLowerCase()})</span>
        </span>
      ))}
      {records.length > MOST && ` and ${records.length - MOST} more`}
    </p>
  );
}
