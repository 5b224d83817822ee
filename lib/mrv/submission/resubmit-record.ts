import { sql } from "drizzle-orm";
import type { z } from "zod";
import { authorise } from "../../auth/actor";
import type { Ctx } from "../../ctx";
import { meterTasks } from "../../db/schema";
import { withTx } from "../../db/tx";
import { Conflict, NotPossibleNow } from "../../errors";
import { parseInput } from "../../field-errors";
import { auditRecord, lockRecord, summaryOf, writeRecord } from "../review/internal";
import type { RecordSummary } from "../schemas";
import { resubmitRecordInput } from "./schemas";

/**
 * Lets a record whose submission failed be sent again: the bytes that were signed, never others, under the approval it has. Retries are counted anew. Throws
 * NotPossibleNow where it may have arrived, Conflict where it is on its way or another took its place.
 */
export async function resubmitRecord(
  ctx: Ctx,
  input: z.input<typeof resubmitRecordInput>,
  now = new Date(),
): Promise<RecordSummary> {
  const { recordId, reason } = parseInput(resubmitRecordInput, input);
  const summary = await withTx(ctx.db, async (tx) => {
    const record = await lockRecord(tx, recordId);
    authorise(ctx.actor, "mrv:review", record.meterId);
    if (record.status === "submission_unknown") {
      throw new NotPossibleNow("It may have arrived: find out whether it has, and say so first.");
    }
    if (record.replacedAt) throw new Conflict("Another record took the place of this one: look at that.");
    if (record.status === "approved" || record.status === "submitting") throw new Conflict("It is on its way already.");
    if (record.status !== "submission_failed") {
      throw new NotPossibleNow("Only a record whose submission failed can be sent again.");
    }
    const resubmitted = await writeRecord(tx, recordId, { status: "approved", submitAt: now });
    await tx
      .update(meterTasks)
      .set({ state: "waiting", waitReason: "retry", waitUntil: now, finishedAt: null, retryCount: 0, updatedAt: now })
      .where(sql`${meterTasks.id} = ${record.taskId} and ${meterTasks.state} = 'failed'`);
    const shown = await summaryOf(tx, resubmitted);
    await auditRecord(tx, ctx.actor, "record.resubmitted", record, { reason });
    return shown;
  });
  ctx.startWork?.();
  return summary;
}
