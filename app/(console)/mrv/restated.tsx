import { Acknowledge, Correct } from "@/components/mrv/record-actions";
import { RestatedNote } from "@/components/mrv/restated-note";
import { can } from "@/lib/auth/actor";
import type { Ctx } from "@/lib/ctx";
import { getJob } from "@/lib/jobs/queries";
import { isAcknowledgeable } from "@/lib/mrv/queries/acknowledgeable";
import type { RecordDto } from "@/lib/mrv/schemas";
import { nullIfNotFound } from "../from-address";
import { acknowledgeRestatementAction, correctRecordAction } from "./actions";

/** What is to be known of a restated record, with what this person may do about it. Nothing of any other. */
export async function Restated({ ctx, record }: { ctx: Ctx; record: RecordDto }) {
  if (record.restatedAt === null) return null;
  const [job, mayBeAcknowledged] = await Promise.all([
    getJob(ctx, { jobId: record.jobId }).catch(nullIfNotFound),
    isAcknowledgeable(ctx, { recordId: record.id }),
  ]);
  const mayBeCorrected = job?.settings.MRV_ALLOW_CORRECTIONS === true;
  const isCorrectable = record.status === "submitted" && mayBeCorrected && record.correctedByIds.length === 0;
  // What can be put right is never for acknowledging, so this is the one way or the other.
  const action =
    mayBeAcknowledged && record.restatement ? (
      <Acknowledge recordId={record.id} seenAt={record.restatement.seenAt} acknowledge={acknowledgeRestatementAction} />
    ) : isCorrectable ? (
      <Correct recordId={record.id} correct={correctRecordAction} />
    ) : undefined;
  return (
    <RestatedNote
      record={record}
      mayBeCorrected={mayBeCorrected}
      action={can(ctx.actor, "mrv:review") ? action : undefined}
    />
  );
}
