import { eq } from "drizzle-orm";
import { z } from "zod";
import { audit } from "../../audit/audit";
import { canonicalJson } from "../../audit/chain";
import { authorise, authoriseMeter, can } from "../../auth/actor";
import type { Ctx } from "../../ctx";
import type { Db } from "../../db/client";
import { meterJobs, meters, mrvRecords } from "../../db/schema";
import { withTx } from "../../db/tx";
import { Conflict, NotFound, NotPossibleNow } from "../../errors";
import { parseInput } from "../../field-errors";
import { mrvSettings } from "../settings";
import { putBack } from "./put-back";
import { readingsNow } from "./readings-now";

export const reextractRecordInput = z.strictObject({
  recordId: z.uuid(),
  reason: z.string().trim().min(1, "Say why: it is kept with the record.").max(2_000),
});

type RecordRow = typeof mrvRecords.$inferSelect;

/**
 * Has the record of a period made again: one that was rejected, that failed a check or could not be submitted, or that is not what its readings or its job
 * say any more. The new record names this one, which stands until then. Throws NotPossibleNow where there is no reason to.
 */
export async function reextractRecord(
  ctx: Ctx,
  input: z.input<typeof reextractRecordInput>,
): Promise<{ taskId: string }> {
  const { recordId, reason } = parseInput(reextractRecordInput, input);
  const taskId = await withTx(ctx.db, async (tx) => {
    const record = await lockedRecord(tx, recordId);
    // Reviewers who reject, and operators who set the data right.
    if (!can(ctx.actor, "mrv:review")) authorise(ctx.actor, "tasks:operate");
    authoriseMeter(ctx.actor, record.meterId);
    await assertOutdated(tx, record);
    if (record.correctsId !== null && record.status === "rejected") await orderCorrection(tx, record.correctsId);
    await setGoing(tx, record);
    await audit(tx, ctx.actor, "record.reextraction-ordered", entryOf(record, reason));
    return record.taskId;
  });
  ctx.startWork?.();
  return { taskId };
}

/** Locked before its task, as every decision about a record does it. Throws NotFound. */
export async function lockedRecord(tx: Db, recordId: string): Promise<RecordRow> {
  const [record] = await tx.select().from(mrvRecords).where(eq(mrvRecords.id, recordId)).for("update");
  if (!record) throw new NotFound("There is no such record.");
  return record;
}

/** Puts the record's task back to extraction. Throws where it is under way, or its meter is not in use. */
export async function setGoing(tx: Db, { taskId, meterId }: RecordRow): Promise<void> {
  const [meter] = await tx.select().from(meters).where(eq(meters.id, meterId));
  if (meter?.archivedAt) throw new NotPossibleNow(`${meter.name} is archived: no record of it is made any more.`);
  const moved = await putBack(tx, [taskId]);
  if (moved.size === 0) throw new Conflict("This record is being made again already.");
}

export async function orderCorrection(tx: Db, recordId: string): Promise<void> {
  await tx.update(mrvRecords).set({ correctionOrderedAt: new Date() }).where(eq(mrvRecords.id, recordId));
}

export function entryOf({ id, meterId, periodStart, periodEnd, metric, evidenceHash }: RecordRow, reason: string) {
  const [from, to] = [periodStart.toISOString(), periodEnd.toISOString()];
  return { objectType: "record", objectId: id, meterId, details: { reason, from, to, metric, evidenceHash } };
}

async function assertOutdated(tx: Db, record: RecordRow): Promise<void> {
  if (record.replacedAt) throw new Conflict("Another record took the place of this one already: look at that.");
  switch (record.status) {
    case "rejected":
    case "verification_failed":
    case "submission_failed":
      return;
    case "extracted":
    case "verified":
      if (!(await isOutdated(tx, record))) {
        throw new NotPossibleNow(
          "This record is what its readings and its job say: there is nothing to make anew. Reject it first, if it is wrong.",
        );
      }
      return;
    case "submitted":
      throw new NotPossibleNow("This record was submitted and stays what it is. A correction can be made of it.");
    default:
      throw new NotPossibleNow("This record was approved, and is on its way: it cannot be made again now.");
  }
}

async function isOutdated(tx: Db, record: RecordRow): Promise<boolean> {
  const now = await readingsNow(tx, record);
  if (now.sha256 !== record.evidence.readings.sha256) return true;
  const [found] = await tx
    .select({ settings: meterJobs.settings, deviceId: meters.deviceId })
    .from(meterJobs)
    .innerJoin(meters, eq(meters.id, meterJobs.meterId))
    .where(eq(meterJobs.id, record.jobId));
  if (!found || found.deviceId !== record.deviceId) return true;
  const settings = mrvSettings.safeParse(found.settings);
  return !settings.success || canonicalJson(settings.data) !== canonicalJson(mrvSettings.parse(record.settings));
}
