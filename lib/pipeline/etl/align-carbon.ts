import { sql } from "drizzle-orm";
import type { Db } from "../../db/client";
import { newCarbon, type StaleRow } from "../../factors/recompute/new-carbon";
import { isStale, stretchesFor } from "../../factors/recompute/stale-rows";
import { arrayLiteral } from "./array-literal";

/**
 * Gives staged rows that were transformed before a factor was changed the carbon they would have if they were transformed now.
 * Otherwise a retry from ingestion would bring back what a recompute has replaced. A look takes 10 ms for 20,000 rows.
 */
export async function alignCarbon(tx: Db, meterIds: readonly string[]): Promise<void> {
  const regions = await tx.execute<{ region: string; meter_ids: string[] }>(sql`
    select region, array_agg(id) as meter_ids from meters
    where region is not null and id = any(${arrayLiteral(meterIds)}::uuid[]) group by region`);
  for (const { region, meter_ids } of regions) {
    const stretches = await stretchesFor(tx, region);
    const rows = await tx.execute<StaleRow>(sql`
      select d.meter_id, extract(epoch from d.timestamp)::float8 as at, d.e_real_kwh::text as kwh from staged_rows d
      where d.meter_id = any(${arrayLiteral(meter_ids)}::uuid[]) and ${isStale(stretches)}`);
    if (rows.length === 0) continue;
    // A reading can be staged twice, with another energy: each row is matched by its own.
    await tx.execute(sql`
      with n as materialized (${newCarbon(rows, stretches)})
      update staged_rows d set carbon_tons = n.carbon_tons, carbon_factor_id = n.factor_id, carbon_factor_value = n.factor_value
      from n where n.meter_id = d.meter_id and n.timestamp = d.timestamp and n.energy_kwh = d.e_real_kwh`);
  }
}
