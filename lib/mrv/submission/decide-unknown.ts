import { desc, eq } from "drizzle-orm";
import type { z } from "zod";
import { authorise } from "../../auth/actor";
import type { Ctx } from "../../ctx";
import { mrvSubmissions } from "../../db/schema";
import { withTx } from "../../db/tx";
import { Conflict } from "../../errors";
import { parseInput } from "../../field-errors";
import { auditRecord, lockRecord, summaryOf, writeRecord, writeWaitingTask } from "../review/internal";
import type { RecordSummary } from "../schemas";
import { decideUnknownInput } from "./schemas";

/**
 * A person found out what became of a record of which nobody knew: it has arrived, or it has not, and may then be sent again. Throws Conflict where there is
 * nothing to decide.
 */
export async function decideUnknown(
  ctx: Ctx,
  input: z.input<typeof decideUnknownInput>,
  now = new Date(),
): Promise<RecordSummary> {
  const { recordId, hasArrived, reason } = parseInput(decideUnknownInput, input);
  return withTx(ctx.db, async (tx) => {
    const record = await lockRecord(tx, recordId);
    authorise(ctx.actor, "mrv:review", record.meterId);
    if (record.status !== "submission_unknown") {
      throw new Conflict("What became of this record is known by now: look at it again.");
    }
    const [attempt] = await tx
      .select({ startedAt: mrvSubmissions.startedAt })
      .from(mrvSubmissions)
      .where(eq(mrvSubmissions.recordId, recordId))
      .orderBy(desc(mrvSubmissions.attempt))
      .limit(1);
    const decided = await writeRecord(
      tx,
      recordId,
      hasArrived
        ? { status: "submitted", submitAt: null, submittedAt: attempt?.startedAt ?? now }
        : { status: "submission_failed", submitAt: null },
    );
    const ended = { waitReason: null, waitUntil: null, finishedAt: now };
    await writeWaitingTask(tx, record.taskId, { ...ended, state: hasArrived ? "succeeded" : "failed" });
    const shown = await summaryOf(tx, decided);
    await auditRecord(tx, ctx.actor, hasArrived ? "record.found-arrived" : "record.found-missing", record, { reason });
    return shown;
  });
}
