import { type SQL, sql } from "drizzle-orm";
import { authorise, meterScope } from "../auth/actor";
import type { Ctx } from "../ctx";
import type { ExecutionErr, Stage, TaskState, WaitReason } from "../db/schema";
import { meterStatesSql } from "../fleet/freshness";
import type { MeterState } from "../fleet/meter-states";
import { addDuration, startOfDay } from "../time";

const FLEET_ZONE_FALLBACK = "UTC";

/** What stands around every page: how many tasks failed, and the zone of most meters, which "Site" means for the fleet. */
export async function fleetFacts(ctx: Ctx): Promise<{ siteZone: string; meters: number; failedTasks: number }> {
  authorise(ctx.actor, "fleet:read");
  const [row] = await ctx.db.execute<{ zone: string | null; meters: number; failed: number }>(sql`
    select mode() within group (order by m.timezone) as zone, count(*)::int as meters,
      (select count(*)::int from meter_tasks t join meters m on m.id = t.meter_id
        where t.state = 'failed' and m.archived_at is null and ${inScope(ctx)}) as failed
    from meters m where m.archived_at is null and ${inScope(ctx)}`);
  return { siteZone: row?.zone ?? FLEET_ZONE_FALLBACK, meters: row?.meters ?? 0, failedTasks: row?.failed ?? 0 };
}

export interface EnergyHour {
  /** START of a UTC hour. */
  hour: string;
  energyKwh: number | null;
  carbonTons: number | null;
  readings: number;
  estimated: number;
  restated: number;
}

export interface EnergyToday {
  dayStart: string;
  dayEnd: string;
  today: EnergyHour[];
  /** The same weekday a week earlier, all of it. */
  lastWeek: EnergyHour[];
  /** Meters that have a reading of today. */
  metersHeard: number;
}

/**
 * Energy and carbon of the whole fleet by hour, of the civil day in `zone` that holds `now` and of the same weekday last week.
 * An hour belongs to the day it starts in. Hours without any reading are absent.
 */
export async function energyToday(ctx: Ctx, zone: string, now = new Date()): Promise<EnergyToday> {
  authorise(ctx.actor, "fleet:read");
  const dayStart = startOfDay(now, zone);
  const dayEnd = addDuration(dayStart, "P1D", zone);
  const earlierStart = addDuration(dayStart, "-P7D", zone);
  const earlierEnd = addDuration(earlierStart, "P1D", zone);
  const [today, lastWeek, heard] = await Promise.all([
    hoursBetween(ctx, dayStart, dayEnd),
    hoursBetween(ctx, earlierStart, earlierEnd),
    ctx.db.execute<{ meters: number }>(sql`
      select count(distinct h.meter_id)::int as meters from meter_data_hourly h join meters m on m.id = h.meter_id
      where h.hour >= ${iso(dayStart)} and h.hour < ${iso(dayEnd)} and h.readings > 0
        and m.archived_at is null and ${inScope(ctx)}`),
  ]);
  return {
    dayStart: dayStart.toISOString(),
    dayEnd: dayEnd.toISOString(),
    today,
    lastWeek,
    metersHeard: heard[0]?.meters ?? 0,
  };
}

async function hoursBetween(ctx: Ctx, from: Date, to: Date): Promise<EnergyHour[]> {
  const rows = await ctx.db.execute<{
    hour: string;
    energy: number | null;
    carbon: number | null;
    readings: number;
    estimated: number;
    restated: number;
  }>(sql`
    select h.hour, sum(h.e_real_kwh)::float8 as energy, sum(h.carbon_tons)::float8 as carbon,
      sum(h.readings)::int as readings, sum(h.estimated)::int as estimated, sum(h.restated)::int as restated
    from meter_data_hourly h join meters m on m.id = h.meter_id
    where h.hour >= ${iso(from)} and h.hour < ${iso(to)} and h.e_real_kwh is not null
      and m.archived_at is null and ${inScope(ctx)}
    group by h.hour order by h.hour`);
  return rows.map(({ hour, energy, carbon, ...counts }) => ({
    hour: new Date(hour).toISOString(),
    energyKwh: energy,
    carbonTons: carbon,
    ...counts,
  }));
}

export interface FreshnessLine {
  state: MeterState;
  meters: number;
  /** Of the latest of them. */
  lateBySeconds: number;
  /** The first quota that comes back. */
  waitUntil: string | null;
  /** Two of them, by name. */
  names: string[];
}

/** Meters by where they stand (see `meterStatesSql`); states without meters are absent. */
export async function metersByFreshness(ctx: Ctx, now = new Date()): Promise<FreshnessLine[]> {
  authorise(ctx.actor, "fleet:read");
  const rows = await ctx.db.execute<{
    state: MeterState;
    meters: number;
    late_by: number | null;
    wait_until: string | null;
    names: string[];
  }>(sql`
    select s.state, count(*)::int as meters, max(s.late_by_seconds)::float8 as late_by,
      min(s.wait_until) as wait_until, (array_agg(m.name order by m.name))[1:2] as names
    from (${meterStatesSql(now)}) s join meters m on m.id = s.meter_id
    where ${inScope(ctx)} group by s.state`);
  return rows.map((row) => ({
    state: row.state,
    meters: row.meters,
    lateBySeconds: row.late_by ?? 0,
    waitUntil: row.wait_until ? new Date(row.wait_until).toISOString() : null,
    names: row.names,
  }));
}

export interface TaskHour {
  /** START of a UTC hour. */
  hour: string;
  state: TaskState;
  tasks: number;
}

/** Tasks that finished, run or wait, by the hour in which they last changed, over 24 hours. */
export async function tasksByHour(ctx: Ctx, now = new Date()): Promise<TaskHour[]> {
  authorise(ctx.actor, "fleet:read");
  const from = iso(new Date(now.getTime() - 24 * 3_600_000));
  const rows = await ctx.db.execute<{ hour: string; state: TaskState; tasks: number }>(sql`
    select date_trunc('hour', coalesce(t.finished_at, t.updated_at)) as hour, t.state, count(*)::int as tasks
    from meter_tasks t join meters m on m.id = t.meter_id
    where t.updated_at >= ${from} and coalesce(t.finished_at, t.updated_at) >= ${from}
      and t.state in ('running', 'waiting', 'succeeded', 'failed') and m.archived_at is null and ${inScope(ctx)}
    group by 1, 2 order by 1`);
  return rows.map((row) => ({ ...row, hour: new Date(row.hour).toISOString() }));
}

export interface NeedsPerson {
  failedTasks: number;
  failedMeters: number;
  /** Failed with an error that another try may heal. */
  retryable: number;
  /** One of the meters, where it is the only one. */
  failedMeterName: string | null;
}

export async function needsPerson(ctx: Ctx): Promise<NeedsPerson> {
  authorise(ctx.actor, "fleet:read");
  const [row] = await ctx.db.execute<{ tasks: number; meters: number; retryable: number; name: string | null }>(sql`
    select count(*)::int as tasks, count(distinct t.meter_id)::int as meters, min(m.name) as name,
      count(*) filter (where (t.execution_errs->-1->>'isRetryable')::boolean)::int as retryable
    from meter_tasks t join meters m on m.id = t.meter_id
    where t.state = 'failed' and m.archived_at is null and ${inScope(ctx)}`);
  const meters = row?.meters ?? 0;
  return {
    failedTasks: row?.tasks ?? 0,
    failedMeters: meters,
    retryable: row?.retryable ?? 0,
    failedMeterName: meters === 1 ? (row?.name ?? null) : null,
  };
}

export interface Queue {
  /** Due and not yet running. */
  depth: number;
  /** Since when the one at the front of the queue waits. */
  oldestSince: string | null;
}

export async function queue(ctx: Ctx, now = new Date()): Promise<Queue> {
  authorise(ctx.actor, "fleet:read");
  const [row] = await ctx.db.execute<{ depth: number; oldest: string | null }>(sql`
    select count(*)::int as depth, min(greatest(t.due_at, t.created_at)) as oldest
    from meter_tasks t join meters m on m.id = t.meter_id
    where t.state in ('pending', 'queued') and t.due_at <= ${iso(now)} and ${inScope(ctx)}`);
  return { depth: row?.depth ?? 0, oldestSince: row?.oldest ? new Date(row.oldest).toISOString() : null };
}

export interface QuotaLine {
  accountKey: string;
  type: string;
  /** A recognisable piece of the credential. */
  hint: string;
  limit: number;
  used: number;
  resetAt: string;
  meters: number;
}

/** Calls of today by source account. A window that has ended counts as unused. Fullest first. */
export async function dayQuotas(ctx: Ctx, now = new Date()): Promise<QuotaLine[]> {
  authorise(ctx.actor, "fleet:read");
  const rows = await ctx.db.execute<{
    account_key: string;
    type: string;
    hint: string;
    limit: number;
    used: number;
    reset_at: string;
    meters: number;
  }>(sql`
    select q.account_key, min(m.type) as type, min(m.credential_hint) as hint, q."limit",
      case when q.reset_at > ${iso(now)} then q.used else 0 end as used,
      case when q.reset_at > ${iso(now)} then q.reset_at
        else date_trunc('day', ${iso(now)} at time zone 'UTC') at time zone 'UTC' + interval '1 day' end as reset_at,
      count(*)::int as meters
    from source_quotas q join meters m on m.account_key = q.account_key and m.archived_at is null
    where q."window" = 'day' and ${inScope(ctx)}
    group by q.account_key, q."limit", q.used, q.reset_at
    order by 5::float8 / nullif(q."limit", 0) desc nulls last, q.account_key`);
  return rows.map(({ account_key, reset_at, ...row }) => ({
    ...row,
    accountKey: account_key,
    resetAt: new Date(reset_at).toISOString(),
  }));
}

export interface TroubleLine {
  id: string;
  state: TaskState;
  waitReason: WaitReason | null;
  waitUntil: string | null;
  meterId: string;
  meterName: string;
  timezone: string;
  intervalStart: string;
  intervalEnd: string;
  stage: Stage;
  error: ExecutionErr | null;
  retryCount: number;
  changedAt: string;
  /** Tasks of the same meter with the same trouble, this one included. */
  alike: number;
}

/** What failed, waits or is tried again, newest first, failed ones before the others; one line a meter and reason. */
export async function troubleNow(ctx: Ctx, limit = 8): Promise<TroubleLine[]> {
  authorise(ctx.actor, "fleet:read");
  const rows = await ctx.db.execute<{
    id: string;
    state: TaskState;
    wait_reason: WaitReason | null;
    wait_until: string | null;
    meter_id: string;
    meter_name: string;
    timezone: string;
    interval_start: string;
    interval_end: string;
    stage: Stage;
    error: ExecutionErr | null;
    retry_count: number;
    updated_at: string;
    alike: number;
  }>(sql`
    select * from (
      select t.id, t.state, t.wait_reason, t.wait_until, t.meter_id, m.name as meter_name, m.timezone, t.interval_start,
        t.interval_end, t.stage, t.execution_errs->-1 as error, t.retry_count, t.updated_at,
        count(*) over alike::int as alike, row_number() over (alike order by t.updated_at desc, t.id desc) as place
      from meter_tasks t join meters m on m.id = t.meter_id
      where t.state in ('failed', 'waiting') and m.archived_at is null and ${inScope(ctx)}
      window alike as (partition by t.meter_id, t.state, t.wait_reason, t.execution_errs->-1->>'code')
    ) lines
    where place = 1
    order by (state = 'failed') desc, updated_at desc, id limit ${limit}`);
  return rows.map((row) => ({
    id: row.id,
    state: row.state,
    waitReason: row.wait_reason,
    waitUntil: row.wait_until ? new Date(row.wait_until).toISOString() : null,
    meterId: row.meter_id,
    meterName: row.meter_name,
    timezone: row.timezone,
    intervalStart: new Date(row.interval_start).toISOString(),
    intervalEnd: new Date(row.interval_end).toISOString(),
    stage: row.stage,
    error: row.error,
    retryCount: row.retry_count,
    changedAt: new Date(row.updated_at).toISOString(),
    alike: row.alike,
  }));
}

function inScope(ctx: Ctx): SQL {
  const ids = meterScope(ctx.actor);
  return ids ? sql`m.id = any(${`{${ids.join(",")}}`}::uuid[])` : sql`true`;
}

function iso(at: Date): SQL {
  return sql`${at.toISOString()}::timestamptz`;
}
