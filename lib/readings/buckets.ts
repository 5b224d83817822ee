import { type SQL, sql } from "drizzle-orm";
import { Temporal } from "temporal-polyfill";
import { dayStartSql } from "../jobs/interval-sql";
import { type Metric, type MetricName, metricOf } from "../metrics/registry";
import { arrayLiteral } from "../pipeline/etl/array-literal";
import type { Granularity } from "./granularities";
import type { ReadableMeter } from "./readable-meters";

/** Rows of `[from, to)` in order of meter and time, numbers as text: raw ones with `at` in epoch seconds, others with their `timestamp`. */
export interface RowsRequest {
  /** Of one zone. */
  meters: readonly ReadableMeter[];
  from: Date;
  to: Date;
  granularity: Granularity;
  /** Of the buckets. */
  timezone: string;
  metrics: readonly MetricName[];
  /** Nothing is expected after it. */
  now: Date;
}

export type Source = "raw" | "readings" | "hours" | "days";

/** Half hours hold no whole reading of an hour, and one is there. */
const EXPECTED = sql.raw(
  "case when b.seconds > 0 then greatest(1, round(b.seconds * s.readings / s.covered_seconds))::int else 0 end",
);

const instant = (at: Date) => sql`${at.toISOString()}::timestamptz`;

/**
 * What rows are made from: the largest rollup whose borders are the buckets' own, or the readings. Days are of the meter's zone,
 * hours of UTC. A mean in a rollup has lost its weight: where there are any, larger buckets are made from the readings.
 */
export function sourceOf(request: RowsRequest): Source {
  const { granularity, timezone, meters, metrics } = request;
  if (granularity === "raw") return "raw";
  if (granularity === "PT30M") return "readings";
  if (granularity === "PT1H") return isWholeHours(request) ? "hours" : "readings";
  const isOwnZone = meters.every((meter) => meter.timezone === timezone);
  const isMeans = metrics.some(
    (name) => metricOf(name).aggregate === "mean" && meters.some((meter) => meter.metrics.includes(name)),
  );
  if (isOwnZone && isWholeDays(request) && (granularity === "P1D" || !isMeans)) return "days";
  return isWholeHours(request) && !isMeans ? "hours" : "readings";
}

// Where a bucket starts, ends and what it expects is worked out once for all meters that have it: for each row it was two
// thirds of a fleet's year. Meters are put in order by their place, not by looking each row's up among them.
export function rowsSql(request: RowsRequest): SQL {
  const source = sourceOf(request);
  const ids = sql`${arrayLiteral(request.meters.map(({ id }) => id))}::uuid[]`;
  if (source === "raw") return rawSqlOf(request, ids);
  const inOrder = sql`unnest(${ids}) with ordinality i(id, place)`;
  if (source === "days") return daysSql(request, inOrder);
  const groups = (source === "hours" ? hourGroups : readingGroups)(request, ids);
  return sql`
    with s as materialized (${groups}),
    ${bucketsSql(request, source, sql`select distinct bucket from s`)}
    ${rowColumns(request)}
    from s join buckets b on b.key = s.bucket join ${inOrder} on i.id = s.meter_id
    order by i.place, b.at`;
}

/** Buckets by their key: when they start, as an instant and as text, and how much of them is asked for. `keys` has one column, `bucket`. */
function bucketsSql(request: RowsRequest, source: Source, keys: SQL): SQL {
  const { granularity, timezone } = request;
  const zone = sql`${timezone}::text`;
  const civil = civilUnit(granularity);
  const start = civil ? dayStartSql(sql`k.bucket`, zone) : sql`k.bucket`;
  const end = civil
    ? dayStartSql(sql`(k.bucket + interval '1 ${sql.raw(civil)}')`, zone)
    : sql`k.bucket + make_interval(mins => ${granularity === "PT30M" ? 30 : 60})`;
  return sql`
    edges as materialized (
      select k.bucket as key, ${start} as bucket, ${end} as bucket_end from (${keys}) k
    ),
    buckets as materialized (
      select b.key, b.bucket as at, to_char(b.bucket at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as text,
        ${expectedSeconds(request, source)} as seconds
      from edges b
    )`;
}

function rowColumns({ metrics }: RowsRequest): SQL {
  return sql`
    select s.meter_id as "meterId", b.text as timestamp, s.readings, ${EXPECTED} as expected,
      s.estimated, s.restated,
      ${list(metrics.map((name) => `${rounded(metricOf(name), `s."${name}"`)} as "${name}"`))}`;
}

/** From days: their keys are known without looking at one, and a month is summed from the index, without sorting days into groups. */
function daysSql(request: RowsRequest, inOrder: SQL): SQL {
  const { from, to, granularity, timezone, metrics } = request;
  const unit = granularity === "P1D" ? "day" : "month";
  const day = (at: Date) => sql`(${instant(at)} at time zone ${timezone}::text)::date`;
  const bounds = sql`r.meter_id = i.id and r.day >= ${day(from)} and r.day < ${day(to)}`;
  const keys = sql`
    select bucket from generate_series(${localStart(unit, sql`${day(from)}::timestamp`)}, (${day(to)} - 1)::timestamp,
      interval '1 ${sql.raw(unit)}') bucket`;
  const groups =
    unit === "day"
      ? sql`${inOrder} cross join lateral (${asRolledUp("meter_data_daily", sql`r.day::timestamp`, bounds, metrics)}) s
          join buckets b on b.key = s.bucket`
      : sql`${inOrder} cross join buckets b cross join lateral (
          select i.id as meter_id, ${sums(metrics)} from meter_data_daily r
          where ${bounds} and r.day >= b.key::date and r.day < (b.key + interval '1 month')::date
          having count(*) > 0) s`;
  return sql`
    with ${bucketsSql(request, "days", keys)}
    ${rowColumns(request)}
    from ${groups}
    order by i.place, b.at`;
}

/** The raw rows with what stands behind each. */
function rawSqlOf({ from, to, metrics }: RowsRequest, ids: SQL): SQL {
  return sql`
    select meter_id as "meterId", extract(epoch from timestamp)::float8 as at, duration_seconds as "durationSeconds", ${list(
      metrics.map((name) => `${metricOf(name).column}::text as "${name}"`),
    )}, quality, revision, task_id as "taskId", object_id as "objectId",
      to_char(ingested_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as "ingestedAt"
    from meter_data
    where meter_id = any(${ids}) and timestamp >= ${instant(from)} and timestamp < ${instant(to)}
    order by array_position(${ids}, meter_id), timestamp`;
}

/** `day` or `month` where buckets are civil ones. */
function civilUnit(granularity: Granularity): "day" | "month" | null {
  if (granularity === "P1D") return "day";
  return granularity === "P1M" ? "month" : null;
}

/** Local midnight of the bucket's first day. */
const localStart = (unit: string, local: SQL) => sql`date_trunc('${sql.raw(unit)}', ${local})`;

function hourGroups({ from, to, granularity, timezone, metrics }: RowsRequest, ids: SQL): SQL {
  const unit = civilUnit(granularity);
  const bounds = sql`r.meter_id = any(${ids}) and r.hour >= ${instant(from)} and r.hour < ${instant(to)}`;
  if (!unit) return asRolledUp("meter_data_hourly", sql`r.hour`, bounds, metrics);
  const bucket = localStart(unit, sql`r.hour at time zone ${timezone}::text`);
  return summedUp("meter_data_hourly", bucket, bounds, metrics);
}

function asRolledUp(table: string, bucket: SQL, bounds: SQL, metrics: readonly MetricName[]): SQL {
  return sql`
    select r.meter_id, ${bucket} as bucket, r.readings, r.covered_seconds, r.estimated, r.restated,
      ${list(metrics.map((name) => `r.${metricOf(name).column} as "${name}"`))}
    from ${sql.identifier(table)} r where ${bounds}`;
}

function summedUp(table: string, bucket: SQL, bounds: SQL, metrics: readonly MetricName[]): SQL {
  return sql`
    select r.meter_id, ${bucket} as bucket, ${sums(metrics)}
    from ${sql.identifier(table)} r where ${bounds} group by 1, 2`;
}

/** Never a mean of any: see `sourceOf`. Means of metrics that the meters do not have are null either way. */
function sums(metrics: readonly MetricName[]): SQL {
  const total = ({ aggregate, column }: Metric) => `${aggregate === "mean" ? "avg" : aggregate}(r.${column})`;
  return sql`sum(r.readings)::int as readings, sum(r.covered_seconds)::int as covered_seconds,
      sum(r.estimated)::int as estimated, sum(r.restated)::int as restated,
      ${list(metrics.map((name) => `${total(metricOf(name))} as "${name}"`))}`;
}

// Hours and half hours are cut by the zone's offset at each reading, not through its local time: that has the hour of the
// change of clocks twice and would add both up.
function readingGroups({ from, to, granularity, timezone, metrics }: RowsRequest, ids: SQL): SQL {
  const zone = sql`${timezone}::text`;
  const seconds = granularity === "PT30M" ? 1800 : 3600;
  const offset = sql`extract(epoch from (d.timestamp at time zone ${zone}) - (d.timestamp at time zone 'UTC'))`;
  const unit = civilUnit(granularity);
  const bucket = unit
    ? localStart(unit, sql`d.timestamp at time zone ${zone}`)
    : sql`to_timestamp((floor((extract(epoch from d.timestamp) + ${offset}) / ${seconds}) * ${seconds} - ${offset})::float8)`;
  return sql`
    select d.meter_id, ${bucket} as bucket, count(*)::int as readings, sum(d.duration_seconds)::int as covered_seconds,
      count(*) filter (where d.quality <> 'actual')::int as estimated, count(*) filter (where d.revision > 1)::int as restated,
      ${list(metrics.map((name) => `${aggregated(metricOf(name))} as "${name}"`))}
    from meter_data d
    where d.meter_id = any(${ids}) and d.timestamp >= ${instant(from)} and d.timestamp < ${instant(to)}
    group by 1, 2`;
}

/** Of the bucket, inside of the asked range and not after now. Readings as long as those it has are expected to fill them. */
function expectedSeconds({ from, to, now, granularity, timezone }: RowsRequest, source: Source): SQL {
  const last = now < to ? now : to;
  const start = source === "readings" && granularity === "PT1H" ? afterChange(timezone) : sql`b.bucket`;
  return sql`greatest(0, extract(epoch from least(b.bucket_end, ${instant(last)}) - greatest(${start}, ${instant(from)})))::float8`;
}

/**
 * Where clocks change by half an hour (Lord Howe), the hour that they change into is the old hour's up to then: its own readings,
 * and what is expected of it, begin at the change.
 */
function afterChange(timezone: string): SQL {
  const zone = sql`${timezone}::text`;
  const offset = (at: SQL) => sql`((${at}) at time zone ${zone} - (${at}) at time zone 'UTC')`;
  const own = offset(sql`b.bucket_end - interval '1 second'`);
  return sql`case when ${offset(sql`b.bucket`)} = ${own} then b.bucket else (
    select min(g) from generate_series(b.bucket, b.bucket_end, interval '15 minutes') g where ${offset(sql`g`)} = ${own}) end`;
}

function aggregated({ column, aggregate }: Metric): string {
  if (aggregate !== "mean") return `${aggregate}(d.${column})`;
  return `sum(d.${column} * d.duration_seconds) / nullif(sum(d.duration_seconds) filter (where d.${column} is not null), 0)`;
}

/** A mean has as many digits as the division gives; what is shown are the metric's. */
function rounded({ aggregate, decimals }: Metric, expression: string): string {
  return aggregate === "mean" ? `trim_scale(round(${expression}, ${decimals}))::text` : `${expression}::text`;
}

function list(parts: readonly string[]): SQL {
  return sql.raw(parts.join(", "));
}

/** Whether UTC hours are the zone's hours all through the range, which itself does not cut one. */
function isWholeHours({ from, to, timezone }: RowsRequest): boolean {
  if (from.getTime() % 3_600_000 !== 0 || to.getTime() % 3_600_000 !== 0) return false;
  const hour = 3_600_000_000_000;
  // No zone changes its offset twice within a week.
  for (let at = from.getTime(); ; at += 7 * 86_400_000) {
    const instantAt = Temporal.Instant.fromEpochMilliseconds(Math.min(at, to.getTime()));
    if (instantAt.toZonedDateTimeISO(timezone).offsetNanoseconds % hour !== 0) return false;
    if (at >= to.getTime()) return true;
  }
}

/** Whether the range begins and ends where civil days do. */
function isWholeDays({ from, to, timezone }: RowsRequest): boolean {
  return [from, to].every((edge) => {
    const zoned = Temporal.Instant.fromEpochMilliseconds(edge.getTime()).toZonedDateTimeISO(timezone);
    return zoned.startOfDay().epochMilliseconds === edge.getTime();
  });
}
