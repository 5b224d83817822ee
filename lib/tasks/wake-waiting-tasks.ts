import { sql } from "drizzle-orm";
import type { Db } from "../db/client";

/**
 * Makes waiting tasks whose time has come pending again. A review's end is a person's decision, so it is not woken, and what waits at
 * submission is the outbox's.
 */
export async function wakeWaitingTasks(db: Db, now: Date): Promise<number> {
  const at = sql`${now.toISOString()}::timestamptz`;
  const rows = await db.execute(sql`
    with due as (
      select id from meter_tasks
      where state = 'waiting' and wait_until <= ${at} and wait_reason <> 'review' and stage <> 'submission'
      order by wait_until limit 50000 for update skip locked
    )
    update meter_tasks t set state = 'pending', wait_reason = null, wait_until = null, updated_at = ${at}
    from due where due.id = t.id`);
  return rows.count;
}
