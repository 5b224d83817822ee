import type { z } from "zod";
import { authorise } from "../../auth/actor";
import type { Ctx } from "../../ctx";
import { withTx } from "../../db/tx";
import { InvalidInput } from "../../errors";
import { parseInput } from "../../field-errors";
import type { RecordSummary } from "../schemas";
import { assertApprovable } from "./assert-approvable";
import { assertSeen, deciderOf, lockRecord, type RecordRow, summaryOf } from "./internal";
import { approveRecordInput } from "./schemas";
import { writeApproval } from "./write-approval";

/**
 * Puts a name under a record as it was on the screen (`evidenceHash`) and hands it to the outbox. Throws Conflict where it, its readings or its state
 * changed since, or somebody else decided first; Forbidden where whoever approves changed something of it; NotPossibleNow where nobody can, or where
 * it could not be signed. Approving the same once more changes nothing.
 */
export async function approveRecord(
  ctx: Ctx,
  input: z.input<typeof approveRecordInput>,
  now = new Date(),
): Promise<RecordSummary> {
  const { recordId, evidenceHash, reason } = parseInput(approveRecordInput, input);
  const summary = await withTx(ctx.db, async (tx) => {
    const record = await lockRecord(tx, recordId);
    authorise(ctx.actor, "mrv:review", record.meterId);
    assertSeen(record, evidenceHash);
    if (isApprovedBy(ctx, record)) return summaryOf(tx, record);
    const { payloadHash } = await assertApprovable({ ...ctx, db: tx }, record);
    const failed = record.checks.filter(({ result }) => result === "failed");
    if (failed.length > 0 && reason === undefined) {
      const sentence = `Say why it may be approved although ${failed.map(({ label }) => label).join(", ")} failed.`;
      throw new InvalidInput(sentence, { reason: sentence });
    }
    const { approved, writeLog } = await writeApproval(tx, record, { actor: ctx.actor, reason, payloadHash, now });
    const shown = await summaryOf(tx, approved);
    await writeLog();
    return shown;
  });
  ctx.startWork?.();
  return summary;
}

function isApprovedBy(ctx: Ctx, record: RecordRow): boolean {
  const { status, decidedById, isAutoApproved } = record;
  if (isAutoApproved || decidedById !== deciderOf(ctx.actor).decidedById) return false;
  return status === "approved" || status.startsWith("subm");
}
