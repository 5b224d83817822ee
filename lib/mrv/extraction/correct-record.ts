import { and, eq, isNull, ne } from "drizzle-orm";
import type { z } from "zod";
import { audit } from "../../audit/audit";
import { authorise } from "../../auth/actor";
import type { Ctx } from "../../ctx";
import { meterJobs, mrvRecords } from "../../db/schema";
import { withTx } from "../../db/tx";
import { Conflict, NotPossibleNow } from "../../errors";
import { parseInput } from "../../field-errors";
import { mrvSettings } from "../settings";
import { entryOf, lockedRecord, orderCorrection, reextractRecordInput, setGoing } from "./reextract-record";

/**
 * Has a second record made of a period whose submitted record is restated, where the job says that the policy takes one. The first document stays what
 * it is; the correction has a number, and is reviewed like any record.
 */
export async function correctRecord(
  ctx: Ctx,
  input: z.input<typeof reextractRecordInput>,
): Promise<{ taskId: string }> {
  const { recordId, reason } = parseInput(reextractRecordInput, input);
  const taskId = await withTx(ctx.db, async (tx) => {
    const record = await lockedRecord(tx, recordId);
    authorise(ctx.actor, "mrv:review", record.meterId);
    if (record.status !== "submitted") {
      throw new NotPossibleNow("Only a submitted record is corrected. One that has not left can be made again.");
    }
    if (!record.restatedAt) {
      throw new NotPossibleNow("The readings say what this record says: there is nothing to correct.");
    }
    const [later] = await tx
      .select({ id: mrvRecords.id })
      .from(mrvRecords)
      .where(
        and(eq(mrvRecords.correctsId, recordId), isNull(mrvRecords.replacedAt), ne(mrvRecords.status, "rejected")),
      );
    if (later) throw new Conflict(`The record ${later.id} corrects this one already.`);
    const [job] = await tx.select().from(meterJobs).where(eq(meterJobs.id, record.jobId));
    const settings = mrvSettings.safeParse(job?.settings);
    if (!settings.success || !settings.data.MRV_ALLOW_CORRECTIONS) {
      throw new NotPossibleNow(
        `Its policy takes one record of a period, as ${job?.name ?? "its job"} says. Where it takes corrections, set MRV_ALLOW_CORRECTIONS on the job.`,
      );
    }
    await orderCorrection(tx, recordId);
    await setGoing(tx, record);
    await audit(tx, ctx.actor, "record.correction-ordered", entryOf(record, reason));
    return record.taskId;
  });
  ctx.startWork?.();
  return { taskId };
}
