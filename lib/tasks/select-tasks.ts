import { and, inArray, type SQL, sql } from "drizzle-orm";
import { type Actor, authorise } from "../auth/actor";
import type { Db } from "../db/client";
import type { JobType } from "../db/schema/jobs";
import { meterTasks, type TaskState } from "../db/schema/tasks";
import { Conflict, InvalidInput, NotFound } from "../errors";
import type { BulkResult, TaskFilter } from "./schemas";
import { taskWhere } from "./task-where";

/** More is several orders: they are locked and written in one transaction. */
const MOST_TASKS = 200_000;

export interface TaskSelection {
  taskIds?: string[] | undefined;
  filter?: TaskFilter | undefined;
  dryRun: boolean;
  planToken?: string | undefined;
}

/**
 * Locks the tasks of a selection in id order and writes them into `selected_tasks` (id, meter_id, interval_start, interval_end),
 * a temporary table of this transaction: those of which `isAffected` holds (`meter_tasks` is at hand). A dry run locks nothing. A filter needs the token of its dry run, and
 * throws Conflict when what it names has changed since; ids act at once. Throws NotFound for unknown ids.
 */
export async function selectTasks(
  tx: Db,
  actor: Actor,
  selection: TaskSelection,
  what: string,
  isAffected: SQL,
): Promise<BulkResult> {
  const { taskIds, filter, dryRun, planToken } = selection;
  if ((taskIds === undefined) === (filter === undefined)) {
    throw new InvalidInput("Name the tasks by taskIds or by filter.", { taskIds: "Send taskIds or filter." });
  }
  if (filter && Object.values(filter).every((value) => value === undefined)) {
    throw new InvalidInput("An empty filter would take every task: name a job, a meter, a state or a range.", {
      filter: "Give at least one field.",
    });
  }
  if (!dryRun && !taskIds && planToken === undefined) {
    throw new InvalidInput("Ask with dryRun first, and send the planToken of its answer.", {
      planToken: "This is needed with a filter.",
    });
  }
  await readSelected(
    tx,
    taskIds ? inArray(meterTasks.id, taskIds) : taskWhere(actor, filter ?? {}),
    isAffected,
    !dryRun,
  );
  if (taskIds) await assertAllThere(tx, actor, taskIds);
  const plan = await describeSelection(tx, what, dryRun);
  if (!dryRun && planToken !== undefined && planToken !== plan.planToken) {
    throw new Conflict("These tasks changed since the dry run. Look at them again and send the new planToken.");
  }
  await tx.execute(sql`delete from selected_tasks where not is_affected`);
  return plan;
}

async function readSelected(tx: Db, where: SQL | undefined, isAffected: SQL, lock: boolean): Promise<void> {
  await tx.execute(sql`drop table if exists pg_temp.selected_tasks`);
  await tx.execute(sql`
    create temporary table selected_tasks (
      id uuid, meter_id uuid, type text, state text, stage text, retry_count int, finished_at timestamptz,
      interval_start timestamptz, interval_end timestamptz, is_affected boolean
    ) on commit drop`);
  await tx.execute(sql`
    insert into selected_tasks
    select id, meter_id, type, state, stage, retry_count, finished_at, interval_start, interval_end, ${isAffected}
    from meter_tasks where ${and(where, sql`true`)}
    order by id limit ${MOST_TASKS + 1} ${lock ? sql`for update` : sql``}`);
}

async function assertAllThere(tx: Db, actor: Actor, taskIds: readonly string[]): Promise<void> {
  const rows = await tx.execute<{ meter_id: string; tasks: number }>(
    sql`select meter_id, count(*)::int as tasks from selected_tasks group by meter_id`,
  );
  const found = rows.reduce((sum, row) => sum + row.tasks, 0);
  if (found < new Set(taskIds).size) throw new NotFound("Some of these tasks are not there. Load the list again.");
  for (const row of rows) authorise(actor, "tasks:operate", row.meter_id);
}

async function describeSelection(tx: Db, what: string, dryRun: boolean): Promise<BulkResult> {
  const rows = await tx.execute<{ state: TaskState; type: JobType; tasks: number; affected: number }>(sql`
    select state, type, count(*)::int as tasks, (count(*) filter (where is_affected))::int as affected
    from selected_tasks group by state, type`);
  const matching = rows.reduce((sum, row) => sum + row.tasks, 0);
  if (matching > MOST_TASKS) {
    throw new InvalidInput(`This names more than ${MOST_TASKS} tasks: narrow the filter, such as by range.`);
  }
  const [token] = await tx.execute<{ token: string }>(sql`
    select encode(sha256(convert_to(${what}::text || coalesce(string_agg(
      concat_ws(' ', id, state, stage, retry_count, extract(epoch from finished_at)), ',' order by id), ''), 'UTF8')), 'hex') as token
    from selected_tasks where is_affected`);
  if (!token) throw new Error("The selection gave no token.");
  return {
    dryRun,
    matching,
    affected: rows.reduce((sum, row) => sum + row.affected, 0),
    tasksByState: tasksBy(rows, ({ state }) => state),
    tasksByType: tasksBy(rows, ({ type }) => type),
    planToken: token.token,
  };
}

function tasksBy<Row extends { tasks: number }, Key extends string>(
  rows: readonly Row[],
  keyOf: (row: Row) => Key,
): Partial<Record<Key, number>> {
  const sums: Partial<Record<Key, number>> = {};
  for (const row of rows) sums[keyOf(row)] = (sums[keyOf(row)] ?? 0) + row.tasks;
  return sums;
}

export interface TouchedMeter extends Record<string, unknown> {
  meter_id: string;
  tasks: number;
  from: string;
  to: string;
  task_ids: string[];
  /** Null where the tasks cover all from `from` to `to`, or more than a hundred ranges. */
  ranges: [string, string][] | null;
}

/** What was selected of each meter, for the audit log: reviewers of a period look for who touched it. */
export function touchedMeters(tx: Db): Promise<TouchedMeter[]> {
  return tx.execute<TouchedMeter>(sql`
    select meter_id, tasks, "from", "to", task_ids, (
        select case when count(*) between 2 and 100 then jsonb_agg(jsonb_build_array(lower(r), upper(r)) order by r) end
        from unnest(covered) r
      ) as ranges
    from (
      select meter_id, count(*)::int as tasks, min(interval_start) as "from", max(interval_end) as "to",
        (array_agg(id::text order by id))[1:100] as task_ids, range_agg(tstzrange(interval_start, interval_end)) as covered
      from selected_tasks group by meter_id
    ) of_meter order by meter_id`);
}
