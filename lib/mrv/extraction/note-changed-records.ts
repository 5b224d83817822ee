import { sql } from "drizzle-orm";
import type { Db } from "../../db/client";
import type { Touched } from "../../pipeline/etl/merge-rows";
import { stretches } from "../../pipeline/etl/present-readings";

/**
 * Remembers stretches whose readings changed under a record, in the transaction that changed them and under the lock on their meters, which extraction
 * takes, too. Live operation writes what no record covers yet, so there is mostly nothing to remember.
 */
// A period is at most a month: records are looked for from there on, by index, and not among all of a meter.
export async function noteChangedRecords(tx: Db, touched: readonly Touched[]): Promise<void> {
  await tx.execute(sql`
    insert into mrv_reading_changes (meter_id, from_at, to_at)
    select s.meter_id, s.from_at, s.to_at from (${stretches(touched)}) s
    where exists (
      select from mrv_records r where r.meter_id = s.meter_id and r.period_start < s.to_at and r.period_end > s.from_at
        and r.period_start > s.from_at - interval '32 days' and r.replaced_at is null and r.status <> 'rejected'
    )`);
}
