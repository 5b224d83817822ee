import { sql } from "drizzle-orm";
import type { Db } from "../db/client";
import type { RetryEffect } from "./schemas";

/** What a retry of `selected_tasks` costs and touches. Neighbouring intervals share calls, so the calls are the most there can be. */
export async function retryEffect(tx: Db, force: boolean, now: Date): Promise<RetryEffect> {
  const [sums] = await tx.execute<{ calls: number; readings: number }>(sql`
    select count(*) filter (where m.data_source_type = 'API' and (${force} or t.stage = 'collection'))::int as calls,
      coalesce(sum(t.readings_present), 0)::int as readings
    from selected_tasks s join meter_tasks t on t.id = s.id join meters m on m.id = t.meter_id`);
  const [quota] = await tx.execute<{ limit: number; used: number; reset_at: string }>(sql`
    select "limit", case when reset_at > ${now.toISOString()}::timestamptz then used else 0 end as used, reset_at
    from source_quotas
    where "window" = 'day' and account_key in (
      select m.account_key from selected_tasks s join meters m on m.id = s.meter_id)
    order by "limit" - used limit 1`);
  return {
    vendorCalls: sums?.calls ?? 0,
    quota: quota ? { limit: quota.limit, left: Math.max(0, quota.limit - quota.used) } : null,
    readingsOverwritten: sums?.readings ?? 0,
  };
}
