import { sql } from "drizzle-orm";
import type { Db } from "../db/client";
import { backfillPriority, batchSize, openBatches } from "./limits";
import { type FormedBatch, type PickedTask, saveBatch, withinReadings } from "./save-batch";

/** Records are made from the database: whichever meters they are of, they share no source's account. */
const ACCOUNT = "mrv";

/**
 * Batches of tasks that make records, oldest period first, so that a record is compared with those before it. A task at submission belongs to
 * the outbox and is in no batch.
 */
export async function formMrvBatches(tx: Db, now: Date): Promise<FormedBatch[]> {
  const [open] = await tx.execute<{ live: number; backfill: number }>(sql`
    select count(*) filter (where not is_backfill)::int as live, count(*) filter (where is_backfill)::int as backfill
    from task_batches where finished_at is null and type = 'mrv'`);
  const formed: FormedBatch[] = [];
  for (const isBackfill of [false, true]) {
    const kind = isBackfill ? "backfill" : "live";
    for (let left = openBatches.mrv[kind] - (open?.[kind] ?? 0); left > 0; left--) {
      const picked = withinReadings(await pick(tx, isBackfill), batchSize.mrvReadings);
      if (picked.length === 0) break;
      formed.push(await saveBatch(tx, { type: "mrv", account: ACCOUNT, isBackfill }, picked, now));
    }
  }
  return formed;
}

function pick(tx: Db, isBackfill: boolean): Promise<PickedTask[]> {
  return tx.execute<PickedTask>(sql`
    select t.id, m.type as meter_type, t.readings_expected
    from meter_tasks t join meter_jobs j on j.id = t.job_id join meters m on m.id = t.meter_id
    where t.state = 'pending' and t.type = 'mrv' and t.stage <> 'submission'
      and ${isBackfill ? sql`t.priority = ${backfillPriority}` : sql`t.priority < ${backfillPriority}`}
      and j.status <> 'paused' and m.archived_at is null
      and (t.backfill_id is null or not exists (select from backfills b where b.id = t.backfill_id and b.status = 'paused'))
    order by t.priority, t.due_at, t.id limit ${batchSize.mrvTasks} for update of t skip locked`);
}
