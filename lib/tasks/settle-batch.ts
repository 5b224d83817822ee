import { sql } from "drizzle-orm";
import type { Db } from "../db/client";
import type { Stage } from "../db/schema/tasks";
import { withTx } from "../db/tx";
import { recordFailures } from "./record-attempt";
import { wakeMrvTasks } from "./wake-mrv-tasks";

/** Waits that end within one bucket come back together, just after its end. */
const BUCKET_SECONDS = 15;

/** Later or more numerous come-backs are left to the minute's dispatcher. */
const HORIZON_SECONDS = 15 * 60;
const MOST_BUCKETS = 20;

/**
 * Closes a batch after its last stage. Tasks the stages left where they were (there should be none) count as a failed
 * attempt, so that they come back later and not at once for ever.
 * @returns instants (ISO 8601) at which waiting tasks of this batch want to be looked at again
 */
export async function settleBatch(db: Db, batchId: string, now: Date): Promise<string[]> {
  return withTx(db, async (tx) => {
    await failUnfinished(tx, batchId, new Error("The run ended without working on this task."), now);
    const rows = await tx.execute<{ epoch: number }>(sql`
      select distinct (ceil(extract(epoch from wait_until) / ${BUCKET_SECONDS}) * ${BUCKET_SECONDS})::float8 as epoch
      from meter_tasks
      where batch_id = ${batchId} and state = 'waiting'
        and wait_until < ${now.toISOString()}::timestamptz + make_interval(secs => ${HORIZON_SECONDS})
      order by epoch limit ${MOST_BUCKETS}`);
    return rows.map((row) => new Date(row.epoch * 1000).toISOString());
  });
}

/** Closes a batch whose run failed as a whole: its unfinished tasks record the run's error and come back, or fail after their last retry. */
export async function failBatch(db: Db, batchId: string, error: Error, now: Date): Promise<void> {
  await withTx(db, (tx) => failUnfinished(tx, batchId, error, now));
}

async function failUnfinished(tx: Db, batchId: string, error: Error, now: Date): Promise<void> {
  const rows = await tx.execute<{ id: string; stage: Stage }>(sql`
    select id, stage from meter_tasks where batch_id = ${batchId} and state in ('queued', 'running')`);
  const failures = rows.map(({ id, stage }) => ({ taskId: id, batchId, stage, startedAt: now, error }));
  await recordFailures(tx, failures, now);
  const at = sql`${now.toISOString()}::timestamptz`;
  await tx.execute(sql`update task_batches set finished_at = ${at} where id = ${batchId} and finished_at is null`);
  await wakeMrvTasks(tx, batchId, now);
}
