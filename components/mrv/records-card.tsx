import Link from "next/link";
import { Card, CardHead } from "@/components/ui/card";
import { Empty } from "@/components/ui/empty";
import type { RecordSummary } from "@/lib/mrv/schemas";
import { RecordTable } from "./record-table";

/** The newest records of a meter or a device, with the way to all of them. */
export function RecordsCard(props: {
  records: readonly RecordSummary[];
  hasMore: boolean;
  /** Of all of them. */
  href: string;
  /** Why there are none, and what makes some. */
  empty: string;
  /** Columns that the page says already. */
  hidden?: readonly string[];
}) {
  const { records, hasMore, href, empty, hidden } = props;
  return (
    <Card>
      <CardHead
        title="MRV records"
        note={hasMore ? "the newest" : undefined}
        rule
        end={
          records.length > 0 && (
            <Link className="link" href={href}>
              See all
            </Link>
          )
        }
      />
      {records.length === 0 ? (
        <Empty title="No records yet">{empty}</Empty>
      ) : (
        <RecordTable records={records} hidden={hidden} />
      )}
    </Card>
  );
}
