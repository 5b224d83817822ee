import { sql } from "drizzle-orm";
import type { Db } from "../../db/client";
import { arrayLiteral } from "./array-literal";
import type { Touched } from "./merge-rows";

/** Readings of a task's interval: those that are there, and how many of their length fill it. */
export interface ReadingCounts {
  present: number;
  expected: number;
}

/**
 * Counts the readings inside the interval of every ETL task of these meters that overlaps the stretches, of other jobs and
 * batches too. A task is made with the usual length of its meter type; a file may come in another (NEM12 in 5, 10, 15 or 30
 * minutes), so what is expected follows what is there. Writes the counts that changed, but for `ownIds`: those are returned,
 * to be written with the task's other results.
 */
// Tasks are found from the job's index on interval starts, from one interval before the stretch: by meter alone every earlier
// task of the meter would be looked at.
export async function countPresentReadings(
  tx: Db,
  touched: readonly Touched[],
  ownIds: ReadonlySet<string>,
): Promise<Map<string, ReadingCounts>> {
  const rows = await tx.execute<{ id: string; present: number; expected: number }>(sql`
    with touched as (${stretches(touched)}),
    overlapping as materialized (
      select distinct t.id, t.meter_id, t.interval_start, t.interval_end, t.readings_present, t.readings_expected from touched r
      join meter_jobs j on j.meter_id = r.meter_id and j.type = 'etl'
      join meter_tasks t on t.job_id = j.id and t.interval_end > r.from_at and t.interval_start < r.to_at
        and t.interval_start > r.from_at - j.interval::interval - interval '3 hours'
    ),
    counted as (
      select o.id, o.readings_present, o.readings_expected, c.present,
        case when c.present = 0 then o.readings_expected
          else round(c.present * extract(epoch from o.interval_end - o.interval_start) / c.seconds)::int end as expected
      from overlapping o cross join lateral (
        select count(*)::int as present, sum(d.duration_seconds) as seconds from meter_data d
        where d.meter_id = o.meter_id and d.timestamp >= o.interval_start and d.timestamp < o.interval_end
      ) c
    )
    select id, present, expected from counted where present <> readings_present or expected <> readings_expected`);
  const others = rows.filter((row) => !ownIds.has(row.id));
  if (others.length > 0) {
    await tx.execute(sql`
      with counted as materialized (
        select t.id, c.present, c.expected
        from unnest(${arrayLiteral(others.map(({ id }) => id))}::uuid[],
          ${arrayLiteral(others.map(({ present }) => present))}::int[],
          ${arrayLiteral(others.map(({ expected }) => expected))}::int[]) as c(id, present, expected)
        join meter_tasks t on t.id = c.id order by t.id for update of t
      )
      update meter_tasks t set readings_present = c.present, readings_expected = c.expected
      from counted c where t.id = c.id`);
  }
  return new Map(
    rows.filter((row) => ownIds.has(row.id)).map(({ id, present, expected }) => [id, { present, expected }]),
  );
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
