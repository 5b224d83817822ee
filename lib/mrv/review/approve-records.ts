import type { z } from "zod";
import { authorise } from "../../auth/actor";
import type { Ctx } from "../../ctx";
import { withTx } from "../../db/tx";
import { Conflict, NotPossibleNow } from "../../errors";
import { parseInput } from "../../field-errors";
import { readRecords } from "./internal";
import { planApproval } from "./plan-approval";
import { approveRecordsInput } from "./schemas";
import { writeApproval } from "./write-approval";

/**
 * Approves what `previewApproval` showed as approvable, and nothing else: all of it or, where anything of the plan changed since, none (Conflict). Each
 * record has its own row in the log.
 */
export async function approveRecords(
  ctx: Ctx,
  input: z.input<typeof approveRecordsInput>,
  now = new Date(),
): Promise<{ approved: number }> {
  const { recordIds, planToken } = parseInput(approveRecordsInput, input);
  authorise(ctx.actor, "mrv:review");
  const approved = await withTx(ctx.db, async (tx) => {
    const plan = await planApproval({ ...ctx, db: tx }, await readRecords(tx, recordIds, true));
    if (plan.planToken !== planToken) {
      throw new Conflict("These records changed since they were shown. Look at them again and send the new planToken.");
    }
    if (plan.approvable.length === 0) throw new NotPossibleNow("None of these records can be approved together.");
    const logs = [];
    for (const { record, payloadHash } of plan.approvable) {
      logs.push((await writeApproval(tx, record, { actor: ctx.actor, payloadHash, now })).writeLog);
    }
    for (const writeLog of logs) await writeLog();
    return plan.approvable.length;
  });
  ctx.startWork?.();
  return { approved };
}
