import { type SQL, sql } from "drizzle-orm";
import { authorise, meterScope } from "../auth/actor";
import type { DataSourceType } from "../connectors/contract";
import type { Ctx } from "../ctx";
import type { FleetList, FleetRow, fleetSorts } from "./fleet-row";
import { meterStatesSql } from "./freshness";
import type { MeterState } from "./meter-states";
import { coverageByDay, type DayCoverage, shareOf } from "./strip";

export interface FleetFilter {
  /** In name, data source, settings' text (an NMI), or the device's name. */
  search?: string;
  types?: readonly string[];
  states?: readonly MeterState[];
  regions?: readonly string[];
  /** Only meters with an open finding that nobody has acknowledged. */
  hasFindings?: boolean;
  sort?: (typeof fleetSorts)[number];
  descending?: boolean;
  page?: number;
  pageSize?: number;
}

type Found = {
  id: string;
  name: string;
  type: string;
  data_source_type: DataSourceType;
  source_id: string;
  timezone: string;
  region: string | null;
  device_id: string | null;
  device_name: string | null;
  capacity_kw: number | null;
  newest_reading_at: string | null;
  state: MeterState;
  late_by_seconds: number;
  wait_until: string | null;
  expected_from: string | null;
  expected_to: string | null;
  findings: number;
};

const openFindingsSql = sql`(
  select count(*)::int from findings f where f.meter_id = m.id and f.cleared_at is null and f.acknowledged_at is null)`;

const stateOrder = sql.raw(`array['failed','waiting','late','backfilling','paused','new','upload','fresh']`);

const deviceNameSql = sql`(select d.name from devices d where d.id = m.device_id)`;

/** As the files of a bucket name a meter: its NMI, its usage point, what stands in the column of the meter. */
const idInFiles = sql`coalesce(m.settings->>'nmi', m.settings->>'usagePoint', m.settings->>'meterId')`;

/** The meters page: filtered, sorted, one page, with 30 days of coverage each. */
export async function fleetList(ctx: Ctx, filter: FleetFilter, now = new Date()): Promise<FleetList> {
  authorise(ctx.actor, "fleet:read");
  const scope = scopeSql(ctx);
  const pageSize = Math.min(Math.max(filter.pageSize ?? 50, 1), 200);
  const offset = Math.max((filter.page ?? 1) - 1, 0) * pageSize;
  const [summary, found] = await Promise.all([
    ctx.db.execute<{ state: MeterState; type: string; region: string | null; count: number }>(sql`
      select s.state, m.type, m.region, count(*)::int as count
      from (${meterStatesSql(now)}) s join meters m on m.id = s.meter_id
      where ${scope} group by 1, 2, 3`),
    ctx.db.execute<Found & { total: number }>(sql`
      select m.id, m.name, m.type, m.data_source_type, coalesce(${idInFiles}, m.data_source) as source_id,
        m.timezone, m.region, m.device_id, ${deviceNameSql} as device_name, m.capacity_kw, m.newest_reading_at, s.state, s.late_by_seconds, s.wait_until,
        e.expected_from, e.expected_to, ${openFindingsSql} as findings, count(*) over ()::int as total
      from (${meterStatesSql(now)}) s
      join meters m on m.id = s.meter_id
      left join lateral (${expectedRangeSql(now)}) e on true
      where ${scope} and ${filterSql(filter)}
      order by ${orderSql(filter)}, m.id
      limit ${pageSize} offset ${offset}`),
  ]);
  const strips = await coverageByDay(
    ctx.db,
    found.map((row) => ({
      id: row.id,
      timezone: row.timezone,
      expectedFrom: row.expected_from ? new Date(row.expected_from) : null,
      expectedTo: row.expected_to ? new Date(row.expected_to) : now,
    })),
    30,
    now,
  );
  const countsByState: Partial<Record<MeterState, number>> = {};
  const countsByType: Record<string, number> = {};
  for (const { state, type, count } of summary) {
    countsByState[state] = (countsByState[state] ?? 0) + count;
    countsByType[type] = (countsByType[type] ?? 0) + count;
  }
  return {
    rows: found.map((row) => toRow(row, strips.get(row.id) ?? [])),
    total: found[0]?.total ?? 0,
    countsByState,
    countsByType,
    types: distinct(summary.map(({ type }) => type)),
    regions: distinct(summary.flatMap(({ region }) => region ?? [])),
  };
}

/**
 * From when until when readings of a meter are expected, by its ETL jobs: the earliest anchor, and now less delay and one
 * interval while a job is active; where all are paused or ended, until the first interval without a task.
 */
export function expectedRangeSql(now: Date): SQL {
  const at = sql`${now.toISOString()}::timestamptz`;
  return sql`
    select min(j.anchor_at) as expected_from,
      max(least(coalesce(j.end_at, 'infinity'::timestamptz), case when j.status = 'active'
        then greatest(${at} - make_interval(secs => j.delay_seconds) - j.interval::interval, j.next_interval_at)
        else j.next_interval_at end)) as expected_to
    from meter_jobs j where j.meter_id = m.id and j.type = 'etl'`;
}

function scopeSql(ctx: Ctx): SQL {
  const ids = meterScope(ctx.actor);
  return ids ? sql`m.id = any(${`{${ids.join(",")}}`}::uuid[])` : sql`true`;
}

function filterSql(filter: FleetFilter): SQL {
  const parts = [sql`true`];
  const anyOf = (list: readonly string[]) =>
    sql`any(array[${sql.join(
      list.map((item) => sql`${item}`),
      sql`, `,
    )}]::text[])`;
  if (filter.search?.trim()) {
    const pattern = `%${filter.search.trim().replace(/[\\%_]/g, "\\$&")}%`;
    parts.push(sql`(m.name ilike ${pattern} or m.data_source ilike ${pattern} or ${idInFiles} ilike ${pattern}
      or ${deviceNameSql} ilike ${pattern})`);
  }
  if (filter.types?.length) parts.push(sql`m.type = ${anyOf(filter.types)}`);
  if (filter.states?.length) parts.push(sql`s.state = ${anyOf(filter.states)}`);
  if (filter.regions?.length) parts.push(sql`m.region = ${anyOf(filter.regions)}`);
  if (filter.hasFindings) parts.push(sql`${openFindingsSql} > 0`);
  return sql.join(parts, sql` and `);
}

function orderSql(filter: FleetFilter): SQL {
  const direction = filter.descending ? sql`desc` : sql`asc`;
  if (filter.sort === "newest") return sql`m.newest_reading_at ${direction} nulls last`;
  if (filter.sort === "state") return sql`array_position(${stateOrder}, s.state) ${direction}, lower(m.name)`;
  return sql`lower(m.name) ${direction}`;
}

function toRow(row: Found, strip: DayCoverage[]): FleetRow {
  return {
    id: row.id,
    name: row.name,
    type: row.type,
    dataSourceType: row.data_source_type,
    sourceId: row.source_id,
    timezone: row.timezone,
    region: row.region,
    device: row.device_id && row.device_name ? { id: row.device_id, name: row.device_name } : null,
    capacityKw: row.capacity_kw,
    newestReadingAt: isoOrNull(row.newest_reading_at),
    state: row.state,
    lateBySeconds: row.late_by_seconds,
    waitUntil: isoOrNull(row.wait_until),
    strip,
    coverage: shareOf(strip),
    findings: row.findings,
  };
}

function isoOrNull(text: string | null): string | null {
  return text ? new Date(text).toISOString() : null;
}

function distinct(values: readonly string[]): string[] {
  return [...new Set(values)].sort((a, b) => a.localeCompare(b));
}
