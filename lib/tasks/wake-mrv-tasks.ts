import { sql } from "drizzle-orm";
import type { Db } from "../db/client";
import { collectingSql } from "./collecting-sql";

/**
 * Ends the wait of records whose period's collection this ETL batch has finished: they are made at once and not at their next look.
 * Whether everything is there they look for themselves.
 */
export async function wakeMrvTasks(tx: Db, batchId: string, now: Date): Promise<void> {
  const at = sql`${now.toISOString()}::timestamptz`;
  await tx.execute(sql`
    with collected as (
      select meter_id, min(interval_start) as from_at, max(interval_end) as to_at
      from meter_tasks where batch_id = ${batchId} and type = 'etl' group by meter_id
    ), ready as (
      select t.id from collected c
      join meter_jobs r on r.meter_id = c.meter_id and r.type = 'mrv'
      join meter_tasks t on t.job_id = r.id and t.interval_start < c.to_at and t.interval_end > c.from_at
        and t.interval_start > c.from_at - r.interval::interval - interval '3 hours'
      where t.state = 'waiting' and t.wait_reason = 'data' and t.wait_until > ${at}
        and not exists (select ${collectingSql({ meterId: sql`t.meter_id`, from: sql`t.interval_start`, to: sql`t.interval_end` })})
      order by t.id for update of t skip locked
    )
    update meter_tasks t set wait_until = ${at} from ready where ready.id = t.id`);
}
