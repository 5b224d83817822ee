import { sql } from "drizzle-orm";
import { authorise } from "../auth/actor";
import type { Ctx } from "../ctx";
import type { ExecutionErr, JobType, Stage, TaskState, WaitReason } from "../db/schema";
import { meterStatesSql } from "../fleet/freshness";
import type { MeterState } from "../fleet/meter-states";
import { waitingForQuota } from "../quotas/waiting-for-quota";
import { waitsForReviewer } from "../tasks/waits-for-reviewer";
import { inScope, iso } from "./scope";

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
  /** Tasks that wait for this account's quota. */
  tasksWaiting: number;
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
    tasksWaiting: number;
  }>(sql`
    select q.account_key, min(m.type) as type, min(m.credential_hint) as hint, q."limit",
      case when q.reset_at > ${iso(now)} then q.used else 0 end as used,
      case when q.reset_at > ${iso(now)} then q.reset_at
        else date_trunc('day', ${iso(now)} at time zone 'UTC') at time zone 'UTC' + interval '1 day' end as reset_at,
      count(*)::int as meters, ${waitingForQuota(sql`array_agg(m.id)`)} as "tasksWaiting"
    from source_quotas q join meters m on m.account_key = q.account_key and m.archived_at is null
    where q."window" = 'day' and ${inScope(ctx)}
    group by q.account_key, q."limit", q.used, q.reset_at
    order by (q.reset_at > ${iso(now)})::int * q.used::float8 / nullif(q."limit", 0) desc nulls last, q.account_key`);
  return rows.map(({ account_key, reset_at, ...row }) => ({
    ...row,
    accountKey: account_key,
    resetAt: new Date(reset_at).toISOString(),
  }));
}

export interface TroubleLine {
  id: string;
  type: JobType;
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

/**
 * What failed, waits or is tried again, newest first, failed ones before the others; one line a meter and reason. Records to review are no trouble:
 * they are counted with what needs a person.
 */
export async function troubleNow(ctx: Ctx, limit = 8): Promise<TroubleLine[]> {
  authorise(ctx.actor, "fleet:read");
  const rows = await ctx.db.execute<{
    id: string;
    type: JobType;
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
      select t.id, t.type, t.state, t.wait_reason, t.wait_until, t.meter_id, m.name as meter_name, m.timezone, t.interval_start,
        t.interval_end, t.stage, t.execution_errs->-1 as error, t.retry_count, t.updated_at,
        count(*) over alike::int as alike, row_number() over (alike order by t.updated_at desc, t.id desc) as place
      from meter_tasks t join meters m on m.id = t.meter_id
      where t.state in ('failed', 'waiting') and not ${waitsForReviewer(sql`t`)} and m.archived_at is null and ${inScope(ctx)}
      window alike as (partition by t.meter_id, t.type, t.state, t.wait_reason, t.execution_errs->-1->>'code')
    ) lines
    where place = 1
    order by (state = 'failed') desc, updated_at desc, id limit ${limit}`);
  return rows.map((row) => ({
    id: row.id,
    type: row.type,
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
