import { type SQL, sql } from "drizzle-orm";
import type { z } from "zod";
import { authorise } from "../auth/actor";
import type { Ctx } from "../ctx";
import { etlStages } from "../db/schema/tasks";
import { withTx } from "../db/tx";
import { NotPossibleNow } from "../errors";
import { parseInput } from "../field-errors";
import { auditBulk } from "./audit-bulk";
import { isDecidedOnRecord } from "./decided-on-record";
import { askedPriority, backfillPriority, URGENT_RETRY_TASKS } from "./limits";
import { retryEffect } from "./retry-effect";
import { type BulkResult, retryTasksInput } from "./schemas";
import { selectTasks } from "./select-tasks";

/** Tasks of archived meters would stay pending for ever. What a record waits for, or what became of it, is decided on the record. */
const isRetryable = sql`meter_tasks.state in ('waiting', 'failed', 'cancelled', 'succeeded')
  and exists (select from meters m where m.id = meter_tasks.meter_id and m.archived_at is null)
  and not (meter_tasks.type = 'mrv' and ${isDecidedOnRecord})`;

/**
 * Lets tasks run again now: from the stage they stand at, from an earlier one, or (forced) from collection with a new call to the
 * source. Tasks whose record waits for a person or was decided on are left alone. Their retries are counted anew; the history stays. What is pending or under way is left alone. Many at
 * once stand behind live work. By filter a dry run comes first. Throws NotPossibleNow when there is nothing to retry.
 */
export async function retryTasks(ctx: Ctx, input: z.input<typeof retryTasksInput>): Promise<BulkResult> {
  const { fromStage, force, ...selection } = parseInput(retryTasksInput, input);
  authorise(ctx.actor, "tasks:operate");
  const result = await withTx(ctx.db, async (tx) => {
    const what = `retry ${fromStage ?? ""} ${force}`;
    const plan = await selectTasks(tx, ctx.actor, selection, what, isRetryable);
    const startStage = stageSql(force ? "collection" : fromStage);
    if (plan.dryRun) return { ...plan, effect: await retryEffect(tx, startStage, force) };
    if (plan.affected === 0) {
      throw new NotPossibleNow(
        "None of these tasks can be retried: they are pending or under way already, their meter is archived, or they have a record, which is decided on its own page.",
      );
    }
    const priority = plan.affected > URGENT_RETRY_TASKS ? backfillPriority : askedPriority;
    await tx.execute(sql`
      update meter_tasks t set
        state = 'pending', stage = ${startStage}, priority = ${priority}, retry_count = 0,
        wait_reason = null, wait_until = null, finished_at = null, batch_id = null,
        is_forced = ${force} and t.type = 'etl',
        forced_by = case when t.type = 'etl' then coalesce(${force ? ctx.actor.name : null}::text, t.forced_by) end,
        backfill_id = (select b.id from backfills b where b.id = t.backfill_id and b.status = 'running'),
        updated_at = now()
      from selected_tasks s where s.id = t.id`);
    await auditBulk(tx, ctx.actor, "tasks.retried", { fromStage: fromStage ?? null, force });
    return plan;
  });
  if (!result.dryRun) ctx.startWork?.();
  return result;
}

/**
 * The asked stage, unless the task has not come so far. A task that makes a record begins at its first: that is quick, and takes up the
 * record it has.
 */
function stageSql(asked: (typeof etlStages)[number] | undefined): SQL {
  return sql`case when t.type = 'mrv' then 'extraction' else ${etlStageSql(asked)} end`;
}

function etlStageSql(asked: (typeof etlStages)[number] | undefined): SQL {
  if (asked === undefined) return sql`t.stage`;
  const order = sql`array[${sql.join(
    etlStages.map((stage) => sql`${stage}`),
    sql`, `,
  )}]::text[]`;
  return sql`case when array_position(${order}, t.stage) < array_position(${order}, ${asked}::text) then t.stage else ${asked}::text end`;
}
