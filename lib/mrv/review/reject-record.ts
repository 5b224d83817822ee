import type { z } from "zod";
import { authorise } from "../../auth/actor";
import type { Ctx } from "../../ctx";
import { withTx } from "../../db/tx";
import { Conflict, NotPossibleNow } from "../../errors";
import { parseInput } from "../../field-errors";
import type { RecordSummary } from "../schemas";
import { assertSeen, auditRecord, deciderOf, lockRecord, summaryOf, writeRecord, writeWaitingTask } from "./internal";
import { whyUndecidable } from "./may-approve";
import { rejectRecordInput } from "./schemas";

/**
 * Turns a record down: it is never sent, and gives its period free for another. Whoever changed something may do this, too. Throws Conflict where
 * somebody decided first or the record is another by now. Rejecting the same once more changes nothing.
 */
export async function rejectRecord(
  ctx: Ctx,
  input: z.input<typeof rejectRecordInput>,
  now = new Date(),
): Promise<RecordSummary> {
  const { recordId, evidenceHash, reason } = parseInput(rejectRecordInput, input);
  return withTx(ctx.db, async (tx) => {
    const record = await lockRecord(tx, recordId);
    authorise(ctx.actor, "mrv:review", record.meterId);
    if (evidenceHash !== undefined) assertSeen(record, evidenceHash);
    const decider = deciderOf(ctx.actor);
    if (record.status === "rejected" && record.decidedById === decider.decidedById) return summaryOf(tx, record);
    const undecidable = whyUndecidable(record);
    if (undecidable) throw record.status === "extracted" ? new NotPossibleNow(undecidable) : new Conflict(undecidable);
    const rejected = await writeRecord(tx, recordId, { status: "rejected", ...decider, decidedAt: now, reason });
    await writeWaitingTask(tx, record.taskId, {
      state: "cancelled",
      waitReason: null,
      waitUntil: null,
      finishedAt: now,
    });
    const shown = await summaryOf(tx, rejected);
    await auditRecord(tx, ctx.actor, "record.rejected", record, { evidenceHash: record.evidenceHash, reason });
    return shown;
  });
}
