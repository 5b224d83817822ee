import { sql } from "drizzle-orm";
import type { Db } from "../../db/client";

/** Closes running backfills none of whose tasks has anything left to do. @returns how many */
export async function finishBackfills(db: Db, now: Date): Promise<number> {
  const rows = await db.execute(sql`
    update backfills b set status = 'done', finished_at = ${now.toISOString()}::timestamptz
    where b.status = 'running' and not exists (
      select from meter_tasks t
      where t.backfill_id = b.id and t.state in ('pending', 'queued', 'running', 'waiting'))`);
  return rows.count;
}
