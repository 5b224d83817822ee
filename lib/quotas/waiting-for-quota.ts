import { type SQL, sql } from "drizzle-orm";

/** How many tasks of these meters (an array of ids) wait for their account's quota. The index of waiting tasks is small. */
export function waitingForQuota(meterIds: SQL): SQL {
  return sql`(
    select count(*)::int from meter_tasks t
    where t.state = 'waiting' and t.wait_reason = 'quota' and t.meter_id = any(${meterIds}))`;
}
