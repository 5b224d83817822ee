import Link from "next/link";
import { Card, CardBody, CardHead } from "@/components/ui/card";
import { formatNumber } from "@/components/ui/format";
import { State, type StateName } from "@/components/ui/state";
import type { RecordSummary } from "@/lib/mrv/schemas";

const looks: Record<RecordSummary["status"], { state: StateName; word: string }> = {
  extracted: { state: "running", word: "Being checked" },
  verified: { state: "person", word: "To review" },
  verification_failed: { state: "person", word: "To review, a check failed" },
  approved: { state: "queued", word: "Approved, to be sent" },
  rejected: { state: "cancelled", word: "Rejected" },
  submitting: { state: "running", word: "Being sent" },
  submitted: { state: "succeeded", word: "Submitted" },
  submission_failed: { state: "failed", word: "Not submitted" },
  submission_unknown: { state: "person", word: "Nobody knows whether it arrived" },
};

/** Records that an MRV task made, the newest first. */
export function TaskRecords({ records }: { records: readonly RecordSummary[] }) {
  return (
    <Card>
      <CardHead title={records.length === 1 ? "Record" : "Records"} rule />
      <CardBody className="connection">
        {records.length === 0 ? (
          <p className="q">None yet: it is made as soon as the period is collected.</p>
        ) : (
          <ul aria-label="Records of this task">
            {records.map((record) => (
              <li key={record.id} className="row">
                <State state={looks[record.status].state} ink>
                  {record.replacedAt ? "Replaced" : looks[record.status].word}
                </State>
                <Link className="link push" href={`/mrv/records/${record.id}`}>
                  {record.value === null ? "no figure" : `${formatNumber(Number(record.value), 3)} ${record.unit}`}
                </Link>
              </li>
            ))}
          </ul>
        )}
      </CardBody>
    </Card>
  );
}
