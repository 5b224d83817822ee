import { type SQL, sql } from "drizzle-orm";
import type { z } from "zod";
import { authorise } from "../auth/actor";
import type { Ctx } from "../ctx";
import type { TaskState, WaitReason } from "../db/schema/tasks";
import { parseInput } from "../field-errors";
import { inScope } from "../overview/scope";
import { taskIdInput } from "./schemas";
import { waitsForReviewer } from "./waits-for-reviewer";

export interface AlikeTask {
  id: string;
  meterName: string;
  timezone: string;
  intervalStart: string;
  intervalEnd: string;
  state: TaskState;
  waitReason: WaitReason | null;
}

const SHOWN = 5;

/**
 * Other tasks that stand with the same error now, those of the same meter first; of meters in use. Empty where it has none. A task that waits for
 * data, quota or a reviewer stands with no error: what it was told last is why it waits.
 */
export async function tasksWithSameError(
  ctx: Ctx,
  input: z.input<typeof taskIdInput>,
): Promise<{ tasks: AlikeTask[]; total: number }> {
  const { taskId } = parseInput(taskIdInput, input);
  authorise(ctx.actor, "fleet:read");
  const rows = await ctx.db.execute<{
    id: string;
    meter_name: string;
    timezone: string;
    interval_start: string;
    interval_end: string;
    state: TaskState;
    wait_reason: WaitReason | null;
    total: number;
  }>(sql`
    select t.id, m.name as meter_name, m.timezone, t.interval_start, t.interval_end, t.state, t.wait_reason,
      count(*) over ()::int as total
    from meter_tasks this
    join meter_tasks t on t.id <> this.id and ${hasError(sql`t`)}
      and t.execution_errs->-1->>'code' = this.execution_errs->-1->>'code'
    join meters m on m.id = t.meter_id
    where this.id = ${taskId} and ${hasError(sql`this`)} and m.archived_at is null and ${inScope(ctx)}
    order by (t.meter_id = this.meter_id) desc, t.interval_start desc, t.id
    limit ${SHOWN}`);
  return {
    total: rows[0]?.total ?? 0,
    tasks: rows.map((row) => ({
      id: row.id,
      meterName: row.meter_name,
      timezone: row.timezone,
      intervalStart: new Date(row.interval_start).toISOString(),
      intervalEnd: new Date(row.interval_end).toISOString(),
      state: row.state,
      waitReason: row.wait_reason,
    })),
  };
}

function hasError(task: SQL): SQL {
  return sql`(${task}.state = 'failed' or (${task}.state = 'waiting' and ${task}.wait_reason in ('retry', 'review')
    and not ${waitsForReviewer(task)}))`;
}
