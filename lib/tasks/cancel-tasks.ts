import { sql } from "drizzle-orm";
import type { z } from "zod";
import { authorise } from "../auth/actor";
import type { Ctx } from "../ctx";
import { withTx } from "../db/tx";
import { NotPossibleNow } from "../errors";
import { parseInput } from "../field-errors";
import { auditBulk } from "./audit-bulk";
import { isCancellable } from "./decided-on-record";
import { type BulkResult, cancelTasksInput } from "./schemas";
import { selectTasks } from "./select-tasks";

/**
 * Stops tasks that are not finished. One that is under way may still fetch, but its stage's last write finds it
 * cancelled and changes nothing. By filter a dry run comes first. Throws NotPossibleNow when there is nothing to cancel.
 */
export async function cancelTasks(ctx: Ctx, input: z.input<typeof cancelTasksInput>): Promise<BulkResult> {
  const selection = parseInput(cancelTasksInput, input);
  authorise(ctx.actor, "tasks:operate");
  return withTx(ctx.db, async (tx) => {
    const plan = await selectTasks(tx, ctx.actor, selection, "cancel", isCancellable);
    if (plan.dryRun) return plan;
    if (plan.affected === 0)
      throw new NotPossibleNow(
        "None of these tasks can be cancelled: they are finished, or they have a record: reject that instead.",
      );
    await tx.execute(sql`
      update meter_tasks t set
        state = 'cancelled', wait_reason = null, wait_until = null, finished_at = now(), updated_at = now()
      from selected_tasks s where s.id = t.id`);
    await auditBulk(tx, ctx.actor, "tasks.cancelled", {});
    return plan;
  });
}
