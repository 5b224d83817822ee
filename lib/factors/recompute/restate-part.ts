import { sql } from "drizzle-orm";
import type { Db } from "../../db/client";
import { noteChangedRecords } from "../../mrv/extraction/note-changed-records";
import { lockMeters } from "../../pipeline/etl/lock-meters";
import { joinedByHash, storedColumns } from "../../pipeline/etl/merge-rows";
import { raiseVersions } from "../../pipeline/etl/raise-versions";
import { rollUp } from "../../pipeline/etl/roll-up";
import { newCarbon, type StaleRow } from "./new-carbon";
import { isStale, stretchesFor } from "./stale-rows";
import type { RecomputeRow } from "./store-recompute";

/**
 * Brings a meter's month in line with the factors as they are now: the rows as they were become revisions whose cause is the
 * recompute, carbon and factor are written anew, and the hours and days they are in are summed again. Returns the number of rows.
 */
export async function restatePart(
  tx: Db,
  recompute: RecomputeRow,
  part: { meterId: string; monthAt: Date },
): Promise<number> {
  const { meterId, monthAt } = part;
  await lockMeters(tx, [meterId]);
  const nextMonth = new Date(Date.UTC(monthAt.getUTCFullYear(), monthAt.getUTCMonth() + 1, 1));
  const from = recompute.fromAt && recompute.fromAt > monthAt ? recompute.fromAt : monthAt;
  const to = recompute.toAt && recompute.toAt < nextMonth ? recompute.toAt : nextMonth;
  // The region as it is: a meter that was moved to another is not this one's any more.
  const [meter] = await tx.execute<{ region: string | null }>(sql`select region from meters where id = ${meterId}`);
  if (meter?.region !== recompute.region) return 0;
  const stretches = await stretchesFor(tx, recompute.region);
  const bounds = sql`d.meter_id = ${meterId} and d.timestamp >= ${from.toISOString()}::timestamptz
    and d.timestamp < ${to.toISOString()}::timestamptz`;
  const rows = await tx.execute<StaleRow>(sql`
    select d.meter_id, extract(epoch from d.timestamp)::float8 as at, d.e_real_kwh::text as kwh
    from meter_data d where ${bounds} and ${isStale(stretches)} order by d.timestamp`);
  const [first, last] = [rows[0], rows.at(-1)];
  if (!first || !last) return 0;
  const restated = newCarbon(rows, stretches);
  await joinedByHash(tx, () =>
    tx.execute(sql`
      with restated as materialized (${restated}),
      kept as (
        insert into meter_data_revisions (${sql.raw(storedColumns.join(", "))}, replaced_at, replaced_by_recompute_id)
        select ${sql.raw(storedColumns.map((column) => `d.${column}`).join(", "))}, now(), ${recompute.id}::uuid
        from meter_data d join restated n on n.timestamp = d.timestamp where ${bounds}
      )
      update meter_data d set carbon_tons = n.carbon_tons, carbon_factor_id = n.factor_id, carbon_factor_value = n.factor_value,
        revision = d.revision + 1, ingested_at = now()
      from restated n where n.timestamp = d.timestamp and ${bounds}`),
  );
  const touched = [{ meterId, from: first.at * 1000, to: last.at * 1000 + 1 }];
  await rollUp(tx, touched);
  await raiseVersions(tx, touched);
  await noteChangedRecords(tx, touched);
  return rows.length;
}
