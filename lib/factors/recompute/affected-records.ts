import { sql } from "drizzle-orm";
import type { Db } from "../../db/client";
import { inScope, isStale, type RecomputeScope, type StaleGroup, stretchesFor } from "./stale-rows";

/** MRV records that use one of the rows of these groups: they are shown before they are flagged as restated, or made again. */
// Records of the months first, by index; the first such row of each is enough.
export async function countAffectedRecords(
  tx: Db,
  scope: RecomputeScope,
  groups: readonly StaleGroup[],
): Promise<number> {
  if (groups.length === 0) return 0;
  const stretches = await stretchesFor(tx, scope.region);
  const months = groups.map(({ meter_id, month }) => ({ meter_id, month }));
  const [row] = await tx.execute<{ records: number }>(sql`
    with months as (
      select distinct meter_id, month from json_to_recordset(${JSON.stringify(months)}::text::json) as g(meter_id uuid, month timestamptz)
    ), candidates as (
      select distinct r.id, r.meter_id, r.period_start, r.period_end from months g
      join mrv_records r on r.meter_id = g.meter_id and r.period_end > g.month
        and r.period_start < (g.month at time zone 'UTC' + interval '1 month') at time zone 'UTC'
        and r.period_start > g.month - interval '32 days'
      where r.replaced_at is null and r.status <> 'rejected'
    )
    select count(*)::int as records from candidates c where exists (
      select from meter_data d where d.meter_id = c.meter_id and d.timestamp >= c.period_start and d.timestamp < c.period_end
        and ${inScope(scope)} and ${isStale(stretches)})`);
  return row?.records ?? 0;
}
