import { sql } from "drizzle-orm";
import type { Db } from "../../db/client";
import type { Touched } from "./merge-rows";
import { stretches } from "./present-readings";

/** Raises the version of every month (UTC) that these stretches touch, under the lock on their meters. */
export async function raiseVersions(tx: Db, touched: readonly Touched[]): Promise<void> {
  await tx.execute(sql`
    insert into meter_data_versions as v (meter_id, month_at)
    select distinct r.meter_id, month at time zone 'UTC'
    from (${stretches(touched)}) r cross join lateral generate_series(
      date_trunc('month', r.from_at at time zone 'UTC'), (r.to_at - interval '1 microsecond') at time zone 'UTC', interval '1 month') month
    on conflict (meter_id, month_at) do update set version = v.version + 1`);
}
