import { sql } from "drizzle-orm";
import { authorise } from "../auth/actor";
import type { Ctx } from "../ctx";
import { NotFound } from "../errors";
import { addDuration, civilDate, startOfDay } from "../time";
import { expectedRangeSql } from "./fleet-list";
import { meterStatesSql } from "./freshness";
import type { MeterState } from "./meter-states";
import { coverageByDay, type DayCoverage, shareOf } from "./strip";

export interface MeterFigures {
  /** kWh since local midnight, and until the same time of day a week ago; null where there are no readings. */
  todayKwh: number | null;
  lastWeekKwh: number | null;
  monthKwh: number | null;
  monthCarbonTons: number | null;
  /** The factor of the newest reading that has one: kg CO2-e per kWh. */
  carbonFactor: { value: number; edition: string; region: string } | null;
  coverage: number | null;
  fullDays: number;
  partialDays: number;
  emptyDays: number;
}

export interface MeterJobRow {
  id: string;
  name: string;
  type: "etl" | "mrv";
  interval: string;
  status: "active" | "paused" | "ended";
  newestTask: { id: string; intervalStart: string; intervalEnd: string; state: string } | null;
  nextDueAt: string | null;
  /** Tasks of the last 30 days: succeeded over finished; null without any. */
  successShare: number | null;
}

export interface MeterOverview {
  state: MeterState;
  lateBySeconds: number;
  waitUntil: string | null;
  figures: MeterFigures;
  /** A year of civil days, oldest first. */
  calendar: DayCoverage[];
  /** First civil day on which anything is expected; null without a job. */
  startsOn: string | null;
  jobs: MeterJobRow[];
}

/** Everything on a meter's page but its form: where it stands, figures, a year of coverage, its jobs. */
export async function meterOverview(ctx: Ctx, meterId: string, now = new Date()): Promise<MeterOverview> {
  authorise(ctx.actor, "fleet:read", meterId);
  const [row] = await ctx.db.execute<{
    timezone: string;
    state: MeterState | null;
    late_by_seconds: number | null;
    wait_until: string | null;
    expected_from: string | null;
    expected_to: string | null;
  }>(sql`
    select m.timezone, s.state, s.late_by_seconds, s.wait_until, e.expected_from, e.expected_to
    from meters m
    left join (${meterStatesSql(now)}) s on s.meter_id = m.id
    left join lateral (${expectedRangeSql(now)}) e on true
    where m.id = ${meterId}::uuid`);
  if (!row) throw new NotFound("There is no such meter.");
  const expectedFrom = row.expected_from ? new Date(row.expected_from) : null;
  const expectedTo = row.expected_to ? new Date(row.expected_to) : now;
  const strip = { id: meterId, timezone: row.timezone, expectedFrom, expectedTo };
  const [calendars, sums, jobs] = await Promise.all([
    coverageByDay(ctx.db, [strip], 371, now),
    energyFigures(ctx, meterId, row.timezone, now),
    jobRows(ctx, meterId, now),
  ]);
  const calendar = calendars.get(meterId) ?? [];
  const year = calendar.slice(-365);
  return {
    state: row.state ?? "new",
    lateBySeconds: row.late_by_seconds ?? 0,
    waitUntil: row.wait_until ? new Date(row.wait_until).toISOString() : null,
    figures: {
      ...sums,
      coverage: shareOf(year),
      fullDays: year.filter(({ share }) => share !== null && share >= 1).length,
      partialDays: year.filter(({ share }) => share !== null && share > 0 && share < 1).length,
      emptyDays: year.filter(({ share }) => share === 0).length,
    },
    calendar,
    startsOn: expectedFrom ? civilDate(expectedFrom, row.timezone) : null,
    jobs,
  };
}

async function energyFigures(ctx: Ctx, meterId: string, timezone: string, now: Date) {
  const today = startOfDay(now, timezone);
  const weekAgo = addDuration(today, "-P7D", timezone);
  const weekAgoNow = addDuration(now, "-P7D", timezone);
  const month = `${civilDate(now, timezone).slice(0, 7)}-01`;
  const at = (instant: Date) => sql`${instant.toISOString()}::timestamptz`;
  const [row] = await ctx.db.execute<Record<string, string | null>>(sql`
    select
      (select sum(coalesce(e_real_kwh, pv_estimate_kwh)) from meter_data where meter_id = ${meterId}::uuid
        and timestamp >= ${at(today)} and timestamp < ${at(now)}) as today,
      (select sum(coalesce(e_real_kwh, pv_estimate_kwh)) from meter_data where meter_id = ${meterId}::uuid
        and timestamp >= ${at(weekAgo)} and timestamp < ${at(weekAgoNow)}) as week_ago,
      (select sum(coalesce(e_real_kwh, pv_estimate_kwh)) from meter_data_daily where meter_id = ${meterId}::uuid
        and day >= ${month}::date) as month,
      (select sum(carbon_tons) from meter_data_daily where meter_id = ${meterId}::uuid and day >= ${month}::date) as carbon`);
  const [factor] = await ctx.db.execute<{ value: string; edition: string; region: string }>(sql`
    select f.value, f.edition, f.region from meter_data d join emission_factors f on f.id = d.carbon_factor_id
    where d.meter_id = ${meterId}::uuid and d.timestamp >= ${at(addDuration(now, "-P40D", timezone))}
    order by d.timestamp desc limit 1`);
  return {
    todayKwh: toNumber(row?.today),
    lastWeekKwh: toNumber(row?.week_ago),
    monthKwh: toNumber(row?.month),
    monthCarbonTons: toNumber(row?.carbon),
    carbonFactor: factor ? { ...factor, value: Number(factor.value) } : null,
  };
}

async function jobRows(ctx: Ctx, meterId: string, now: Date): Promise<MeterJobRow[]> {
  const rows = await ctx.db.execute<{
    id: string;
    name: string;
    type: "etl" | "mrv";
    interval: string;
    status: "active" | "paused" | "ended";
    next_due_at: string | null;
    task_id: string | null;
    interval_start: string;
    interval_end: string;
    task_state: string;
    succeeded: number;
    finished: number;
  }>(sql`
    select j.id, j.name, j.type, j.interval, j.status,
      case when j.status = 'active' then j.next_interval_at + j.interval::interval + make_interval(secs => j.delay_seconds) end
        as next_due_at,
      t.id as task_id, t.interval_start, t.interval_end, t.state as task_state, c.succeeded, c.finished
    from meter_jobs j
    left join meter_tasks t on t.id = j.latest_task_id
    left join lateral (
      select count(*) filter (where state = 'succeeded')::int as succeeded,
        count(*) filter (where state in ('succeeded', 'failed'))::int as finished
      from meter_tasks where job_id = j.id
        and interval_start >= ${new Date(now.getTime() - 30 * 86_400_000).toISOString()}::timestamptz
    ) c on true
    where j.meter_id = ${meterId}::uuid
    order by j.status, j.created_at`);
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    type: row.type,
    interval: row.interval,
    status: row.status,
    newestTask: row.task_id
      ? {
          id: row.task_id,
          intervalStart: new Date(row.interval_start).toISOString(),
          intervalEnd: new Date(row.interval_end).toISOString(),
          state: row.task_state,
        }
      : null,
    nextDueAt: row.next_due_at ? new Date(row.next_due_at).toISOString() : null,
    successShare: row.finished > 0 ? row.succeeded / row.finished : null,
  }));
}

function toNumber(text: string | null | undefined): number | null {
  return text === null || text === undefined ? null : Number(text);
}
