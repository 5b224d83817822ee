import { type SQL, sql } from "drizzle-orm";
import { authorise, meterScope } from "../auth/actor";
import type { Ctx } from "../ctx";
import type { TaskState, WaitReason } from "../db/schema/tasks";
import { intervalEnd } from "./intervals";
import type { JobFilter, JobList, JobListRow } from "./job-list-row";
import { jobPageSize } from "./job-list-row";
import { dueAfter } from "./off-the-quarter";
import { type DaySuccess, successByDay, successShare } from "./success";

/** The jobs page: filtered, sorted, one page, each job with what its tasks are doing. */
export async function jobList(ctx: Ctx, filter: JobFilter, now = new Date()): Promise<JobList> {
  authorise(ctx.actor, "fleet:read");
  const scope = meterScope(ctx.actor);
  const inScope = scope ? sql`j.meter_id = any(${`{${scope.join(",")}}`}::uuid[])` : sql`true`;
  const [summary, rows] = await Promise.all([
    ctx.db.execute<{ status: JobListRow["status"]; type: JobListRow["type"]; meter_type: string; count: number }>(sql`
      select j.status, j.type, m.type as meter_type, count(*)::int as count
      from meter_jobs j join meters m on m.id = j.meter_id where ${inScope} group by 1, 2, 3`),
    // Failed tasks are few and have an index of their own, so they are counted once for all jobs.
    ctx.db.execute<Row>(sql`
      with failures as (
        select job_id, count(*)::int as failed from meter_tasks where state = 'failed' group by job_id
      ), page as (
        select j.*, m.name as meter_name, m.type as meter_type, coalesce(f.failed, 0) as failed,
          t.id as task_id, t.state as task_state, t.wait_reason, t.interval_start, t.interval_end,
          row_number() over (order by ${orderSql(filter)}, j.id) as place, count(*) over ()::int as total
        from meter_jobs j join meters m on m.id = j.meter_id
        left join failures f on f.job_id = j.id
        left join meter_tasks t on t.id = j.latest_task_id
        where ${inScope} and ${filterSql(filter)}
        order by place
        limit ${jobPageSize} offset ${Math.max((filter.page ?? 1) - 1, 0) * jobPageSize}
      )
      select p.id, p.name, p.meter_id, p.meter_name, p.meter_type, p.timezone, p.type, p.interval, p.status, p.trigger, p.pause_reason,
        p.delay_seconds, p.next_interval_at, p.total, p.failed, p.task_id, p.task_state, p.wait_reason,
        p.interval_start, p.interval_end,
        (select count(*)::int from meter_tasks x where x.job_id = p.id and x.state in ('pending', 'queued', 'running', 'waiting'))
          as open,
        (select b.status from backfills b where b.job_id = p.id and b.status in ('running', 'paused') limit 1) as backfill
      from page p order by p.place`),
  ]);
  const weeks = await successByDay(ctx.db, rows, now);
  const counts = { active: 0, paused: 0, ended: 0 };
  for (const { status, count } of summary) counts[status] += count;
  return {
    rows: rows.map((row) => toRow(row, weeks.get(row.id) ?? [])),
    total: rows[0]?.total ?? 0,
    counts,
    meterTypes: [...new Set(summary.map((row) => row.meter_type))].sort(),
    types: [...new Set(summary.map((row) => row.type))].sort(),
  };
}

function filterSql(filter: JobFilter): SQL {
  const pattern = `%${(filter.search ?? "").trim().replace(/[\\%_]/g, "\\$&")}%`;
  const parts = [sql`(j.name ilike ${pattern} or m.name ilike ${pattern} or m.data_source ilike ${pattern})`];
  if (filter.status) parts.push(sql`j.status = ${filter.status}`);
  if (filter.type) parts.push(sql`j.type = ${filter.type}`);
  if (filter.meterType) parts.push(sql`m.type = ${filter.meterType}`);
  if (filter.onlyFailed) parts.push(sql`f.failed > 0`);
  return sql.join(parts, sql` and `);
}

function orderSql({ sort = "job", descending = false }: JobFilter): SQL {
  const direction = sql.raw(descending ? "desc nulls last" : "asc nulls last");
  const byName = sql`lower(m.name), j.created_at`;
  switch (sort) {
    case "job":
      return sql`lower(m.name) ${direction}, j.created_at`;
    case "interval":
      return sql`j.interval::interval ${direction}, ${byName}`;
    case "status":
      return sql`j.status ${direction}, ${byName}`;
    case "due":
      // Over a change of clocks an hour off, which the shown instant is not.
      return sql`(case when j.status = 'active' then j.next_interval_at + j.interval::interval + make_interval(secs => j.delay_seconds) end)
        ${direction}, ${byName}`;
    case "newest":
      return sql`t.interval_start ${direction}, ${byName}`;
    case "failed":
      return sql`coalesce(f.failed, 0) ${direction}, ${byName}`;
  }
}

type Row = {
  id: string;
  name: string;
  meter_id: string;
  meter_name: string;
  meter_type: string;
  timezone: string;
  type: JobListRow["type"];
  interval: string;
  status: JobListRow["status"];
  trigger: JobListRow["trigger"];
  pause_reason: string | null;
  delay_seconds: number;
  next_interval_at: string;
  total: number;
  task_id: string | null;
  task_state: TaskState;
  wait_reason: WaitReason | null;
  interval_start: string;
  interval_end: string;
  open: number;
  failed: number;
  backfill: "running" | "paused" | null;
};

function toRow(row: Row, week: DaySuccess[]): JobListRow {
  const end = intervalEnd(new Date(row.next_interval_at), row.interval, row.timezone);
  const job = { delaySeconds: row.delay_seconds, meterId: row.meter_id, meterType: row.meter_type };
  return {
    id: row.id,
    name: row.name,
    meterId: row.meter_id,
    meterName: row.meter_name,
    meterType: row.meter_type,
    timezone: row.timezone,
    type: row.type,
    interval: row.interval,
    status: row.status,
    trigger: row.trigger,
    pauseReason: row.pause_reason,
    nextDueAt: row.status === "active" ? dueAfter(end, job).toISOString() : null,
    newestTask: row.task_id
      ? {
          id: row.task_id,
          state: row.task_state,
          waitReason: row.wait_reason,
          intervalStart: new Date(row.interval_start).toISOString(),
          intervalEnd: new Date(row.interval_end).toISOString(),
        }
      : null,
    open: row.open,
    failed: row.failed,
    backfill: row.backfill,
    week,
    weekShare: successShare(week),
  };
}
