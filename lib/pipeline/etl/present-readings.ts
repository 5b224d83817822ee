import { sql } from "drizzle-orm";
import type { Db } from "../../db/client";
import { arrayLiteral } from "./array-literal";
import type { Touched } from "./merge-rows";

/**
 * Counts the readings inside the interval of every ETL task of these meters that overlaps the stretches, of other jobs and
 * batches too. Writes the counts that changed, but for `ownIds`: those are returned, to be written with the task's other
 * results.
 */
// Tasks are found from the job's index on interval starts, from one interval before the stretch: by meter alone every earlier
// task of the meter would be looked at.
export async function countPresentReadings(
  tx: Db,
  touched: readonly Touched[],
  ownIds: ReadonlySet<string>,
): Promise<Map<string, number>> {
  const rows = await tx.execute<{ id: string; present: number }>(sql`
    with touched as (${stretches(touched)}),
    overlapping as materialized (
      select distinct t.id, t.meter_id, t.interval_start, t.interval_end, t.readings_present from touched r
      join meter_jobs j on j.meter_id = r.meter_id and j.type = 'etl'
      join meter_tasks t on t.job_id = j.id and t.interval_end > r.from_at and t.interval_start < r.to_at
        and t.interval_start > r.from_at - j.interval::interval - interval '3 hours'
    ),
    counted as (
      select o.id, o.readings_present, (select count(*)::int from meter_data d where d.meter_id = o.meter_id
        and d.timestamp >= o.interval_start and d.timestamp < o.interval_end) as present
      from overlapping o
    )
    select id, present from counted where present <> readings_present`);
  const others = rows.filter((row) => !ownIds.has(row.id));
  if (others.length > 0) {
    await tx.execute(sql`
      with counted as materialized (
        select t.id, c.present
        from unnest(${arrayLiteral(others.map(({ id }) => id))}::uuid[],
          ${arrayLiteral(others.map(({ present }) => present))}::int[]) as c(id, present)
        join meter_tasks t on t.id = c.id order by t.id for update of t
      )
      update meter_tasks t set readings_present = c.present from counted c where t.id = c.id`);
  }
  return new Map(rows.filter((row) => ownIds.has(row.id)).map((row) => [row.id, row.present]));
}

/** Raises `meters.newest_reading_at`. A forecast is no reading of what was. */
export async function raiseNewestReading(tx: Db, touched: readonly Touched[]): Promise<void> {
  await tx.execute(sql`
    with touched as (${stretches(touched)}),
    newest as (
      select r.meter_id, max((
        select d.timestamp from meter_data d where d.meter_id = r.meter_id and d.quality <> 'forecast'
          and d.timestamp >= r.from_at and d.timestamp < r.to_at order by d.timestamp desc limit 1)) as at
      from touched r group by r.meter_id
    )
    update meters m set newest_reading_at = n.at
    from newest n where m.id = n.meter_id and (m.newest_reading_at is null or m.newest_reading_at < n.at)`);
}

/** Rows of (meter_id, from_at, to_at). */
export function stretches(touched: readonly Touched[]) {
  const iso = (milliseconds: number) => new Date(milliseconds).toISOString();
  return sql`
    select * from unnest(${arrayLiteral(touched.map(({ meterId }) => meterId))}::uuid[],
      ${arrayLiteral(touched.map(({ from }) => iso(from)))}::timestamptz[],
      ${arrayLiteral(touched.map(({ to }) => iso(to)))}::timestamptz[]) as touched(meter_id, from_at, to_at)`;
}
