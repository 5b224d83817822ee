import Link from "next/link";
import type { ReactNode } from "react";
import { formatNumber } from "@/components/ui/format";
import { Time } from "@/components/ui/time";
import type { RecordDto } from "@/lib/mrv/schemas";
import { What } from "./what";

/** What a person has to know or do about a record now, most pressing first. Actions come from the page, where they are allowed. */
export function RecordNotes(props: {
  record: RecordDto;
  /** Nobody has decided yet, and its readings changed since it was made. */
  isOutdated: boolean;
  /** A `RestatedNote`, where it is restated. */
  restated: ReactNode;
  actions: { decideUnknown?: ReactNode; resubmit?: ReactNode; reextract?: ReactNode };
}) {
  const { record, isOutdated, restated, actions } = props;
  const { status, timezone, submissions } = record;
  const last = submissions.at(-1);
  return (
    <>
      {status === "submission_unknown" && (
        <What state="person" title="Nobody knows whether this record arrived" action={actions.decideUnknown}>
          <p>
            {last?.message ?? "Its last attempt did not end."}{" "}
            {last && (
              <>
                It left on <Time at={last.startedAt} zone={timezone} seconds named />, {formatNumber(last.requestBytes)}{" "}
                bytes, to {new URL(last.url).host}.{" "}
              </>
            )}
            It is not sent again by itself, or the policy could have it twice. Look in the policy for{" "}
            <code className="wrap-anywhere">{record.credentialId}</code>, then say what you found.
          </p>
        </What>
      )}
      {status === "submission_failed" && !record.replacedAt && (
        <What
          state="failed"
          title="It was refused"
          action={
            <>
              {actions.resubmit}
              {actions.reextract}
            </>
          }
        >
          <p>
            {last?.message ?? "Guardian did not take it."} Nothing of it stands in the policy. Mend the cause, then
            submit it again.
          </p>
        </What>
      )}
      {restated}
      {isOutdated && <OutdatedNote action={actions.reextract} />}
      {status === "verification_failed" && !isOutdated && !record.replacedAt && (
        <What state="failed" title={checkWords(record)} action={actions.reextract}>
          <p>
            Mend the readings and extract it again, or{" "}
            <Link className="link" href={`/mrv/review?record=${record.id}`}>
              decide about it in review
            </Link>
            .
          </p>
        </What>
      )}
      {status === "rejected" && !record.replacedAt && (
        <What state="cancelled" title={`Rejected by ${record.decidedByName ?? "somebody"}`} action={actions.reextract}>
          <p className="wrap-anywhere">{record.reason}</p>
        </What>
      )}
      {record.replacedById && (
        <What state="cancelled" title="Another record took the place of this one">
          <p>
            <Link className="link" href={`/mrv/records/${record.replacedById}`}>
              Open the one that counts
            </Link>
            , or read what became of this one below.
          </p>
        </What>
      )}
    </>
  );
}

/** Of a record that waits for a decision. Approving it is refused. */
export function OutdatedNote({ action }: { action?: ReactNode }) {
  return (
    <What state="waiting" title="Its readings changed since it was made" action={action}>
      <p>
        It cannot be approved as it is. Extract it again: a new record takes its place, with the readings as they are
        now.
      </p>
    </What>
  );
}

function checkWords({ checks }: RecordDto): string {
  const failed = checks.filter(({ result }) => result === "failed").map(({ label }) => label);
  return failed.length === 1 ? `A check failed: ${failed[0]}` : `${failed.length} checks failed: ${failed.join(", ")}`;
}
