import { type SQL, sql } from "drizzle-orm";
import type { Db } from "../../db/client";
import { type Metric, metrics } from "../../metrics/registry";
import type { Touched } from "./merge-rows";
import { stretches } from "./present-readings";

const all: readonly Metric[] = metrics;
const counts = ["readings", "estimated", "restated", "covered_seconds"];
const columns = [...counts, ...all.map((metric) => metric.column)];
const list = (parts: readonly string[]) => sql.raw(parts.join(", "));

/**
 * Computes the hours (UTC) and civil days (in the meter's zone, 23 to 25 hours) of these stretches anew from `meter_data`.
 * Sums, extremes and means as the metric registry says; a mean is weighted by duration over the readings that have a value.
 * A day is computed whole, so what was there before and outside of the stretch counts.
 */
// Readings are read once: they are summed by hour and day (an hour that a half-hour zone's midnight cuts is two rows),
// and hours and days are made from those. Numeric sums are exact, so this gives what a sum over the readings gives.
// Days are widened by 3 hours when they are looked for, since a local midnight can be skipped or come twice; the day
// itself is always taken from the reading's instant.
export async function rollUp(tx: Db, touched: readonly Touched[]): Promise<void> {
  await tx.execute(sql`
    with touched as (
      select r.meter_id, m.timezone as zone, min(r.from_at) as from_at, max(r.to_at) as to_at,
        (r.from_at at time zone m.timezone)::date as first_day,
        max(((r.to_at - interval '1 microsecond') at time zone m.timezone)::date) as last_day
      from (${stretches(touched)}) r join meters m on m.id = r.meter_id
      group by r.meter_id, m.timezone, first_day
    ),
    merged as materialized (
      select meter_id, zone, range_agg(daterange(first_day, last_day, '[]')) as days,
        range_agg(tstzrange(date_trunc('hour', from_at), to_at)) as hours
      from touched group by meter_id, zone
    ),
    parts as materialized (
      select r.meter_id, p.*
      from merged r cross join lateral unnest(r.days) as days(span) cross join lateral (
        select date_trunc('hour', d.timestamp) as hour, (d.timestamp at time zone r.zone)::date as day, ${partSums}
        from meter_data d
        where d.meter_id = r.meter_id
          and d.timestamp >= (lower(days.span)::timestamp at time zone r.zone) - interval '3 hours'
          and d.timestamp < (upper(days.span)::timestamp at time zone r.zone) + interval '3 hours'
          and ((d.timestamp at time zone r.zone)::date <@ days.span or date_trunc('hour', d.timestamp) <@ r.hours)
        group by 1, 2
      ) p
    ),
    by_hour as (
      insert into meter_data_hourly as t (meter_id, hour, ${list(columns)})
      select p.meter_id, p.hour, ${totals} from parts p join merged r on r.meter_id = p.meter_id
      where p.hour <@ r.hours group by p.meter_id, p.hour
      on conflict (meter_id, hour) do update set ${assignments} where ${isDifferent}
    )
    insert into meter_data_daily as t (meter_id, day, ${list(columns)})
    select p.meter_id, p.day, ${totals} from parts p join merged r on r.meter_id = p.meter_id
    where p.day <@ r.days group by p.meter_id, p.day
    on conflict (meter_id, day) do update set ${assignments} where ${isDifferent}`);
}

/** Sums that can be summed again: for a mean the weighted sum and its weight. */
const partSums: SQL = list([
  "count(*)::int as readings",
  "count(*) filter (where d.quality <> 'actual')::int as estimated",
  "count(*) filter (where d.revision > 1)::int as restated",
  "sum(d.duration_seconds)::int as covered_seconds",
  ...all.flatMap(({ column, aggregate }) =>
    aggregate === "mean"
      ? [
          `sum(d.${column} * d.duration_seconds) as ${column}`,
          `sum(d.duration_seconds) filter (where d.${column} is not null) as ${column}_seconds`,
        ]
      : [`${aggregate}(d.${column}) as ${column}`],
  ),
]);

const totals: SQL = list([
  ...counts.map((count) => `sum(p.${count})::int`),
  ...all.map(({ column, aggregate }) =>
    aggregate === "mean" ? `sum(p.${column}) / nullif(sum(p.${column}_seconds), 0)` : `${aggregate}(p.${column})`,
  ),
]);

const assignments: SQL = list(columns.map((column) => `${column} = excluded.${column}`));
const isDifferent: SQL = sql.raw(
  `(${columns.map((column) => `t.${column}`).join(", ")}) is distinct from (${columns
    .map((column) => `excluded.${column}`)
    .join(", ")})`,
);
