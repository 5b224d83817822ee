import { sql } from "drizzle-orm";
import { authorise } from "../auth/actor";
import type { Ctx } from "../ctx";
import { NotFound } from "../errors";
import { endsWithMeter } from "../tasks/decided-on-record";
import { addDuration, civilDate, dayStart, startOfDay } from "../time";
import { expectedRangeSql } from "./fleet-list";
import { meterStatesSql } from "./freshness";
import { type MeterJobRow, meterJobRows } from "./meter-jobs";
import type { MeterState } from "./meter-states";
import { coverageByDay, type DayCoverage, shareOf } from "./strip";

export interface MeterFigures {
  /** kWh since local midnight, and until the same time of day a week ago; null where there are no readings. */
  todayKwh: number | null;
  lastWeekKwh: number | null;
  monthKwh: number | null;
  /** Days of this month so far on which anything was expected, and those of them that are not full. */
  monthDays: number;
  monthGapDays: number;
  monthCarbonTons: number | null;
  /** The factor of the newest reading that has one: kg CO2-e per kWh. */
  carbonFactor: { value: number; edition: string; region: string } | null;
  coverage: number | null;
  fullDays: number;
  partialDays: number;
  emptyDays: number;
}

export interface MeterOverview {
  state: MeterState;
  lateBySeconds: number;
  waitUntil: string | null;
  figures: MeterFigures;
  /** 53 weeks of civil days, oldest first, ending with the day asked for. */
  calendar: DayCoverage[];
  /** Today in the meter's zone. */
  today: string;
  /** First civil day on which anything is expected; null without a job. */
  startsOn: string | null;
  jobs: MeterJobRow[];
  /** Tasks that an archived meter would not do any more. */
  waitingTasks: number;
}

const CALENDAR_DAYS = 371;

/**
 * Everything on a meter's page but its form: where it stands, figures, a year of coverage (`until`: its last civil day, today
 * by default), its jobs.
 */
export async function meterOverview(
  ctx: Ctx,
  meterId: string,
  { until, now = new Date() }: { until?: string; now?: Date } = {},
): Promise<MeterOverview> {
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
  const today = civilDate(now, row.timezone);
  const shownUntil = until !== undefined && until < today ? dayStart(until, row.timezone) : null;
  const [newest, shown, sums, jobs, waitingTasks] = await Promise.all([
    coverageByDay(ctx.db, [strip], CALENDAR_DAYS, now),
    shownUntil && coverageByDay(ctx.db, [strip], CALENDAR_DAYS, shownUntil),
    energyFigures(ctx, meterId, row.timezone, now),
    meterJobRows(ctx, meterId, row.timezone, now),
    waitingTasksOf(ctx, meterId),
  ]);
  const year = (newest.get(meterId) ?? []).slice(-365);
  const month = year.filter(({ day, share }) => share !== null && day.slice(0, 7) === today.slice(0, 7));
  return {
    state: row.state ?? "new",
    lateBySeconds: row.late_by_seconds ?? 0,
    waitUntil: row.wait_until ? new Date(row.wait_until).toISOString() : null,
    figures: {
      ...sums,
      monthDays: month.length,
      monthGapDays: month.filter(({ share }) => share !== null && share < 1).length,
      coverage: shareOf(year),
      fullDays: year.filter(({ share }) => share !== null && share >= 1).length,
      partialDays: year.filter(({ share }) => share !== null && share > 0 && share < 1).length,
      emptyDays: year.filter(({ share }) => share === 0).length,
    },
    calendar: (shown ?? newest).get(meterId) ?? [],
    today,
    startsOn: expectedFrom ? civilDate(expectedFrom, row.timezone) : null,
    jobs,
    waitingTasks,
  };
}

async function waitingTasksOf(ctx: Ctx, meterId: string): Promise<number> {
  const [row] = await ctx.db.execute<{ count: number }>(sql`
    select count(*)::int as count from meter_tasks where meter_id = ${meterId}::uuid and ${endsWithMeter}`);
  return row?.count ?? 0;
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

function toNumber(text: string | null | undefined): number | null {
  return text === null || text === undefined ? null : Number(text);
}
