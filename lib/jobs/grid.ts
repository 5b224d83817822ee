import { sql } from "drizzle-orm";
import { authorise } from "../auth/actor";
import type { Ctx } from "../ctx";
import { NotFound } from "../errors";
import { addDuration, civilDate, startOfDay } from "../time";

/** `hours`: days down, hours across. `days`: months down, days across. */
export const gridViews = ["hours", "days"] as const;
export type GridView = (typeof gridViews)[number];

/**
 * What a cell shows. Where it holds several intervals (a five-minute job has twelve an hour) the one that most needs
 * looking at decides: failed, waiting, running, queued, partial, no data, cancelled, succeeded. Cells without tasks say why.
 */
export type CellState =
  | "failed"
  | "quota"
  | "waiting"
  | "person"
  | "running"
  | "queued"
  | "partial"
  | "no-data"
  | "cancelled"
  | "succeeded"
  | "not-due"
  | "paused"
  | "outside"
  | "none";

export interface GridCell {
  /** Hour 0 to 23, or day of the month 1 to 31. */
  column: number;
  state: CellState;
  /** UTC instants of the whole cell; the hour that is skipped in spring has neither. */
  from: string | null;
  to: string | null;
  taskCount: number;
  failedCount: number;
  /** The only task, or the one that gives the cell its state. */
  taskId: string | null;
  readingsPresent: number;
  readingsExpected: number;
  /** Readings changed by a later collection. */
  changed: number;
  waitUntil: string | null;
}

export interface GridRow {
  /** `2026-11-23`, or `2026-11` where days go across. */
  key: string;
  cells: GridCell[];
  readingsPresent: number;
  readingsExpected: number;
}

export interface JobGrid {
  view: GridView;
  timezone: string;
  /** Newest first. */
  rows: GridRow[];
  columns: number[];
  counts: Partial<Record<CellState, number>>;
  hasNewer: boolean;
  hasOlder: boolean;
}

type Bucket = {
  day: string;
  hour: number;
  task_count: number;
  state: CellState;
  task_id: string;
  failed: number;
  present: number;
  expected: number;
  changed: number;
  wait_until: string | null;
};

// Rank of a task's look; the lowest of a cell decides. A task that succeeded with too few readings is partial, with none no-data.
const looks = sql`case
  when state = 'failed' then 1
  when state = 'waiting' and wait_reason = 'quota' then 2
  when state = 'waiting' and wait_reason = 'review' then 4
  when state = 'waiting' then 3
  when state = 'running' then 5
  when state in ('pending', 'queued') then 6
  when state = 'succeeded' and readings_expected > 0 and readings_present = 0 then 8
  when state = 'succeeded' and readings_present < readings_expected then 7
  when state = 'cancelled' then 9
  else 10 end`;
const lookNames: CellState[] = [
  "failed",
  "quota",
  "waiting",
  "person",
  "running",
  "queued",
  "partial",
  "no-data",
  "cancelled",
  "succeeded",
];

/** One page of a job's grid: 21 days of hours or 12 months of days, ending with the row that holds `until`. */
export async function jobGrid(
  ctx: Ctx,
  input: { jobId: string; view: GridView; until: Date },
  now = new Date(),
): Promise<JobGrid> {
  const [job] = await ctx.db.execute<{
    meter_id: string;
    timezone: string;
    anchor_at: string;
    end_at: string | null;
    next_interval_at: string;
    status: string;
  }>(
    sql`select meter_id, timezone, anchor_at, end_at, next_interval_at, status from meter_jobs where id = ${input.jobId}::uuid`,
  );
  if (!job) throw new NotFound("There is no such job.");
  authorise(ctx.actor, "fleet:read", job.meter_id);

  const starts = rowStarts(input.view, input.until, job.timezone);
  const first = starts.at(-1)?.from ?? input.until;
  const last = starts[0]?.to ?? input.until;
  const buckets = await ctx.db.execute<Bucket>(sql`
    with seen as (
      select t.*, ${looks} as look,
        (t.interval_start at time zone ${job.timezone}) as local_start
      from meter_tasks t
      where t.job_id = ${input.jobId}::uuid
        and t.interval_start >= ${first.toISOString()}::timestamptz and t.interval_start < ${last.toISOString()}::timestamptz
    )
    select local_start::date::text as day,
      ${input.view === "hours" ? sql`extract(hour from local_start)::int` : sql`0`} as hour,
      count(*)::int as task_count, min(look)::int as look,
      (array_agg(id order by look, interval_start desc))[1] as task_id,
      count(*) filter (where state = 'failed')::int as failed,
      sum(readings_present)::int as present, sum(readings_expected)::int as expected, sum(rows_changed)::int as changed,
      min(wait_until) filter (where state = 'waiting') as wait_until
    from seen group by 1, 2`);
  const byCell = new Map(
    buckets.map((bucket) => [`${bucket.day} ${bucket.hour}`, bucket as Bucket & { look: number }]),
  );

  const counts: JobGrid["counts"] = {};
  const life = {
    anchor: new Date(job.anchor_at),
    end: job.end_at ? new Date(job.end_at) : null,
    next: new Date(job.next_interval_at),
    isPaused: job.status !== "active",
    now,
  };
  const rows = starts.map(({ key, from }) => {
    const cells = cellRanges(input.view, key, from, job.timezone).map(({ column, day, range }) => {
      const bucket = byCell.get(`${day} ${input.view === "hours" ? column : 0}`);
      const cell = toCell(column, range, bucket, life);
      counts[cell.state] = (counts[cell.state] ?? 0) + 1;
      return cell;
    });
    const sum = (pick: (cell: GridCell) => number) => cells.reduce((total, cell) => total + pick(cell), 0);
    return {
      key,
      cells,
      readingsPresent: sum((c) => c.readingsPresent),
      readingsExpected: sum((c) => c.readingsExpected),
    };
  });
  return {
    view: input.view,
    timezone: job.timezone,
    rows,
    columns: rows[0]?.cells.map(({ column }) => column) ?? [],
    counts,
    hasNewer: last < now,
    hasOlder: first > life.anchor,
  };
}

interface Life {
  anchor: Date;
  end: Date | null;
  next: Date;
  isPaused: boolean;
  now: Date;
}

function toCell(
  column: number,
  range: { from: Date; to: Date } | null,
  bucket: (Bucket & { look: number }) | undefined,
  life: Life,
): GridCell {
  return {
    column,
    state: bucket ? (lookNames[bucket.look - 1] ?? "succeeded") : emptyState(range, life),
    from: range?.from.toISOString() ?? null,
    to: range?.to.toISOString() ?? null,
    taskCount: bucket?.task_count ?? 0,
    failedCount: bucket?.failed ?? 0,
    taskId: bucket?.task_id ?? null,
    readingsPresent: bucket?.present ?? 0,
    readingsExpected: bucket?.expected ?? 0,
    changed: bucket?.changed ?? 0,
    waitUntil: bucket?.wait_until ? new Date(bucket.wait_until).toISOString() : null,
  };
}

function emptyState(range: { from: Date; to: Date } | null, life: Life): CellState {
  if (!range) return "none";
  if (range.to <= life.anchor || (life.end && range.from >= life.end)) return "outside";
  if (life.isPaused && range.from >= life.next && range.to <= life.now) return "paused";
  return "not-due";
}

function rowStarts(view: GridView, until: Date, timezone: string) {
  const step = view === "hours" ? "P1D" : "P1M";
  let from = startOfDay(until, timezone);
  if (view === "days") {
    const dayOfMonth = Number(civilDate(from, timezone).slice(8));
    from = addDuration(from, `-P${dayOfMonth - 1}D`, timezone);
  }
  return Array.from({ length: view === "hours" ? 21 : 12 }, () => {
    const row = {
      key: civilDate(from, timezone).slice(0, view === "hours" ? 10 : 7),
      from,
      to: addDuration(from, step, timezone),
    };
    from = addDuration(from, `-${step}`, timezone);
    return row;
  });
}

function cellRanges(view: GridView, key: string, from: Date, timezone: string) {
  if (view === "hours") return hoursOf(key, from, timezone);
  return Array.from({ length: 31 }, (_, index) => {
    const dayFrom = addDuration(from, `P${index}D`, timezone);
    const day = civilDate(dayFrom, timezone);
    const range = day.startsWith(key) ? { from: dayFrom, to: addDuration(dayFrom, "P1D", timezone) } : null;
    return { column: index + 1, day, range };
  });
}

/** The hour that clocks repeat is one cell of two hours; the one they skip has no range. */
function hoursOf(day: string, from: Date, timezone: string) {
  const to = addDuration(from, "P1D", timezone);
  const hourAt = new Intl.DateTimeFormat("en", { timeZone: timezone, hour: "numeric", hourCycle: "h23" });
  const ranges = new Map<number, { from: Date; to: Date }>();
  // Quarter hours: zones change their clocks by half an hour, too.
  for (let at = from.getTime(); at < to.getTime(); at += 900_000) {
    const hour = Number(hourAt.format(at));
    const known = ranges.get(hour);
    ranges.set(hour, { from: known?.from ?? new Date(at), to: new Date(at + 900_000) });
  }
  return Array.from({ length: 24 }, (_, column) => ({ column, day, range: ranges.get(column) ?? null }));
}
