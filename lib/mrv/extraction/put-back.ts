import { sql } from "drizzle-orm";
import type { Db } from "../../db/client";
import { arrayLiteral } from "../../pipeline/etl/array-literal";
import { askedPriority } from "../../tasks/limits";

/** Sets tasks going again from extraction, unless they are under way. Returns those that were. Lock their records first. */
export async function putBack(tx: Db, taskIds: readonly string[]): Promise<Set<string>> {
  if (taskIds.length === 0) return new Set();
  const rows = await tx.execute<{ id: string }>(sql`
    with standing as (
      select id from meter_tasks where id = any(${arrayLiteral(taskIds)}::uuid[]) and state in ('waiting', 'succeeded', 'failed', 'cancelled')
      order by id for update
    )
    update meter_tasks t set state = 'pending', stage = 'extraction', priority = ${askedPriority}, retry_count = 0, wait_reason = null,
      wait_until = null, finished_at = null, batch_id = null, updated_at = now()
    from standing s where s.id = t.id returning t.id`);
  return new Set(rows.map(({ id }) => id));
}
