import { type SQL, sql } from "drizzle-orm";
import { Temporal } from "temporal-polyfill";
import { dayStartSql } from "../jobs/interval-sql";
import { type Metric, type MetricName, metricOf } from "../metrics/registry";
import type { Granularity } from "./granularities";
import type { ReadableMeter } from "./readable-meters";

/** A statement that gives a meter's rows of `[from, to)` in order of time, with `at` in epoch seconds and numbers as text. */
export interface RowsRequest {
  meter: ReadableMeter;
  from: Date;
  to: Date;
  granularity: Granularity;
  /** Of the buckets. */
  timezone: string;
  metrics: readonly MetricName[];
  /** Nothing is expected after it. */
  now: Date;
}

const instant = (at: Date) => sql`${at.toISOString()}::timestamptz`;

export function rowsSql(request: RowsRequest): SQL {
  if (request.granularity === "raw") return rawSqlOf(request);
  if (request.granularity === "PT1H" && isWholeHours(request)) {
    return fromRollup(request, "meter_data_hourly", sql`r.hour`, sql`r.hour + interval '1 hour'`);
  }
  if (request.granularity === "P1D" && request.timezone === request.meter.timezone && isWholeDays(request)) {
    const zone = sql`${request.timezone}::text`;
    return fromRollup(
      request,
      "meter_data_daily",
      dayStartSql(sql`r.day::timestamp`, zone),
      dayStartSql(sql`(r.day + 1)::timestamp`, zone),
    );
  }
  return fromReadings(request);
}

/** The raw rows with what stands behind each. */
function rawSqlOf({ meter, from, to, metrics }: RowsRequest): SQL {
  return sql`
    select extract(epoch from timestamp)::float8 as at, duration_seconds as "durationSeconds", ${list(
      metrics.map((name) => `${metricOf(name).column}::text as "${name}"`),
    )}, quality, revision, task_id as "taskId", object_id as "objectId",
      to_char(ingested_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as "ingestedAt"
    from meter_data
    where meter_id = ${meter.id} and timestamp >= ${instant(from)} and timestamp < ${instant(to)}
    order by timestamp`;
}

function fromRollup(request: RowsRequest, table: string, start: SQL, end: SQL): SQL {
  const { meter, from, to, metrics } = request;
  return sql`
    select extract(epoch from bucket)::float8 as at, readings, ${expected(request)} as expected, estimated, restated,
      ${list(metrics.map((name) => `${rounded(metricOf(name), metricOf(name).column)} as "${name}"`))}
    from (select r.*, ${start} as bucket, ${end} as bucket_end from ${sql.identifier(table)} r where r.meter_id = ${meter.id}
      and ${table === "meter_data_hourly" ? hoursIn(from, to) : daysIn(from, to, request.timezone)}) b
    where bucket >= ${instant(from)} and bucket < ${instant(to)} order by bucket`;
}

const hoursIn = (from: Date, to: Date) => sql`r.hour >= ${instant(from)} and r.hour < ${instant(to)}`;
const daysIn = (from: Date, to: Date, zone: string) => sql`
  r.day between (${instant(from)} at time zone ${zone}::text)::date and (${instant(to)} at time zone ${zone}::text)::date`;

// Hours and half hours are cut by the zone's offset at each reading, not through its local time: that has the hour of the
// change of clocks twice and would add both up.
function fromReadings(request: RowsRequest): SQL {
  const { meter, from, to, granularity, timezone, metrics } = request;
  const zone = sql`${timezone}::text`;
  const seconds = granularity === "PT30M" ? 1800 : 3600;
  const offset = sql`extract(epoch from (d.timestamp at time zone ${zone}) - (d.timestamp at time zone 'UTC'))`;
  const local = (unit: string) => sql`date_trunc('${sql.raw(unit)}', d.timestamp at time zone ${zone})`;
  const civil = granularity === "P1D" ? "day" : "month";
  const isCivil = granularity === "P1D" || granularity === "P1M";
  const group = isCivil
    ? local(civil)
    : sql`floor((extract(epoch from d.timestamp) + ${offset}) / ${seconds}) * ${seconds} - ${offset}`;
  const start = isCivil ? dayStartSql(sql`s.bucket`, zone) : sql`to_timestamp(s.bucket::float8)`;
  const end = isCivil
    ? dayStartSql(sql`(s.bucket + interval '1 ${sql.raw(civil)}')`, zone)
    : sql`to_timestamp(s.bucket::float8 + ${seconds}::float8)`;
  return sql`
    select extract(epoch from bucket)::float8 as at, readings, ${expected(request)} as expected, estimated, restated,
      ${list(metrics.map((name) => `"${name}"`))}
    from (
      select ${start} as bucket, ${end} as bucket_end, s.readings, s.estimated, s.restated,
        ${list(metrics.map((name) => `${rounded(metricOf(name), `s."${name}"`)} as "${name}"`))}
      from (
        select ${group} as bucket, count(*)::int as readings, count(*) filter (where d.quality <> 'actual')::int as estimated,
          count(*) filter (where d.revision > 1)::int as restated,
          ${list(metrics.map((name) => `${aggregated(metricOf(name))} as "${name}"`))}
        from meter_data d
        where d.meter_id = ${meter.id} and d.timestamp >= ${instant(from)} and d.timestamp < ${instant(to)}
        group by 1
      ) s
    ) b order by bucket`;
}

/** Readings that fit into the bucket, inside of the asked range and not after now. */
function expected({ meter, from, to, now }: RowsRequest): SQL {
  const last = now < to ? now : to;
  return sql`greatest(0, round(extract(epoch from least(bucket_end, ${instant(last)}) - greatest(bucket, ${instant(from)}))
    / ${meter.resolutionSeconds}))::int`;
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
