import { sql } from "drizzle-orm";
import { authorise, meterScope } from "../auth/actor";
import type { Ctx } from "../ctx";
import type { TaskState } from "../db/schema/tasks";

export interface JobListRow {
  id: string;
  name: string;
  meterId: string;
  meterName: string;
  timezone: string;
  type: "etl" | "mrv";
  interval: string;
  status: "active" | "paused" | "ended";
  nextDueAt: string | null;
  newestTask: { id: string; state: TaskState; intervalStart: string; intervalEnd: string } | null;
  /** Tasks not finished yet, and failed ones. */
  open: number;
  failed: number;
  /** Of tasks finished in 7 days, 0 to 1; null without any. */
  successShare: number | null;
}

export interface JobList {
  rows: JobListRow[];
  total: number;
  counts: { active: number; paused: number; ended: number };
}

export const jobPageSize = 50;

/** The jobs page: active ones first, by meter, each with what its tasks are doing. */
export async function jobList(
  ctx: Ctx,
  filter: { search?: string; status?: string | null; page?: number },
  now = new Date(),
): Promise<JobList> {
  authorise(ctx.actor, "fleet:read");
  const scope = meterScope(ctx.actor);
  const inScope = scope ? sql`j.meter_id = any(${`{${scope.join(",")}}`}::uuid[])` : sql`true`;
  const pattern = `%${(filter.search ?? "").trim().replace(/[\\%_]/g, "\\$&")}%`;
  const weekAgo = new Date(now.getTime() - 7 * 86_400_000).toISOString();
  const [[counts], rows] = await Promise.all([
    ctx.db.execute<{ active: number; paused: number; ended: number }>(sql`
      select count(*) filter (where status = 'active')::int as active, count(*) filter (where status = 'paused')::int as paused,
        count(*) filter (where status = 'ended')::int as ended
      from meter_jobs j where ${inScope}`),
    ctx.db.execute<Row>(sql`
      with page as (
        select j.*, m.name as meter_name, count(*) over ()::int as total
        from meter_jobs j join meters m on m.id = j.meter_id
        where ${inScope} and (j.name ilike ${pattern} or m.name ilike ${pattern})
          and ${filter.status ? sql`j.status = ${filter.status}` : sql`true`}
        order by j.status, lower(m.name), j.created_at
        limit ${jobPageSize} offset ${Math.max((filter.page ?? 1) - 1, 0) * jobPageSize}
      )
      select p.id, p.name, p.meter_id, p.meter_name, p.timezone, p.type, p.interval, p.status, p.total,
        case when p.status = 'active' then p.next_interval_at + p.interval::interval + make_interval(secs => p.delay_seconds) end
          as next_due_at,
        t.id as task_id, t.state as task_state, t.interval_start, t.interval_end,
        (select count(*)::int from meter_tasks x where x.job_id = p.id and x.state in ('pending', 'queued', 'running', 'waiting')) as open,
        (select count(*)::int from meter_tasks x where x.job_id = p.id and x.state = 'failed') as failed,
        (select count(*) filter (where x.state = 'succeeded')::float8 / nullif(count(*), 0) from meter_tasks x
          where x.job_id = p.id and x.state in ('succeeded', 'failed') and x.finished_at >= ${weekAgo}::timestamptz) as share
      from page p left join meter_tasks t on t.id = p.latest_task_id
      order by p.status, lower(p.meter_name), p.created_at`),
  ]);
  return {
    rows: rows.map(toRow),
    total: rows[0]?.total ?? 0,
    counts: counts ?? { active: 0, paused: 0, ended: 0 },
  };
}

type Row = {
  id: string;
  name: string;
  meter_id: string;
  meter_name: string;
  timezone: string;
  type: "etl" | "mrv";
  interval: string;
  status: "active" | "paused" | "ended";
  total: number;
  next_due_at: string | null;
  task_id: string | null;
  task_state: TaskState;
  interval_start: string;
  interval_end: string;
  open: number;
  failed: number;
  share: number | null;
};

function toRow(row: Row): JobListRow {
  return {
    id: row.id,
    name: row.name,
    meterId: row.meter_id,
    meterName: row.meter_name,
    timezone: row.timezone,
    type: row.type,
    interval: row.interval,
    status: row.status,
    nextDueAt: row.next_due_at ? new Date(row.next_due_at).toISOString() : null,
    newestTask: row.task_id
      ? {
          id: row.task_id,
          state: row.task_state,
          intervalStart: new Date(row.interval_start).toISOString(),
          intervalEnd: new Date(row.interval_end).toISOString(),
        }
      : null,
    open: row.open,
    failed: row.failed,
    successShare: row.share,
  };
}
