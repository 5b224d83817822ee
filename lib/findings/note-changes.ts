import { sql } from "drizzle-orm";
import type { Db } from "../db/client";
import type { Touched } from "../pipeline/etl/merge-rows";
import { stretches } from "../pipeline/etl/present-readings";

/** Remembers what is to be checked, in the transaction that changed it: one row a meter and stretch. */
export async function noteChanges(tx: Db, touched: readonly Touched[]): Promise<void> {
  await tx.execute(sql`
    insert into reading_changes (meter_id, from_at, to_at)
    select t.meter_id, lower(span), upper(span)
    from (select meter_id, range_agg(tstzrange(from_at, to_at)) as spans from (${stretches(touched)}) s group by 1) t,
      unnest(t.spans) as span`);
}
