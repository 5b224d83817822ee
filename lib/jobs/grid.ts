import { sql } from "drizzle-orm";
import { authorise } from "../auth/actor";
import type { Ctx } from "../ctx";
import type { JobType } from "../db/schema/jobs";
import { NotFound } from "../errors";
import { type CellRange, cellRanges, type GridView, rowStarts } from "./grid-rows";
import { intervalEnd, intervalHolding, intervalSeconds } from "./intervals";
import { dueAfter } from "./off-the-quarter";

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
  /** Its task is made by the next dispatch. */
  | "due"
  | "not-due"
  | "paused"
  /** Passed by the job without a task: the start was moved back. */
  | "missing"
  /** Before the start or after the end. */
  | "outside"
  /** No such hour or day. */
  | "none";

export interface GridCell {
  /** Hour 0 to 23, or day of the month 1 to 31. */
  column: number;
  state: CellState;
  /** True where the cell only continues an interval that began in an earlier one; its range is the whole interval's. */
  isContinued: boolean;
  /** UTC instants of the whole cell; the hour that is skipped in spring has neither. */
  from: string | null;
  to: string | null;
  taskCount: number;
  failedCount: number;
  /** Tasks that can be cancelled: those whose record waits for a person are decided about there. */
  openCount: number;
  /** The only task, or the one that gives the cell its state. */
  taskId: string | null;
  /** Of that task where it failed or waits: code and sentence of its newest error. */
  error: { code: string; message: string } | null;
  readingsPresent: number;
  readingsExpected: number;
  /** Readings changed by a later collection. */
  changed: number;
  waitUntil: string | null;
  /** Of a cell without a task that is not due yet. */
  dueAt: string | null;
}

export interface GridRow {
  /** `2026-11-23`, or `2026-11` where days go across. */
  key: string;
  cells: GridCell[];
  readingsPresent: number;
  readingsExpected: number;
}

export interface JobGrid {
  /** Of the job. */
  type: JobType;
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
  interval_start: string;
  interval_end: string;
  task_count: number;
  look: number;
  task_id: string;
  error: { code: string; message: string } | null;
  failed: number;
  open: number;
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
  const [job] = await ctx.db.execute<JobFacts>(sql`
    select j.meter_id, j.type, m.type as meter_type, j.timezone, j.interval, j.delay_seconds, j.anchor_at, j.end_at,
      j.next_interval_at, j.status
    from meter_jobs j join meters m on m.id = j.meter_id where j.id = ${input.jobId}::uuid`);
  if (!job) throw new NotFound("There is no such job.");
  authorise(ctx.actor, "fleet:read", job.meter_id);

  const starts = rowStarts(input.view, input.until, job.timezone);
  const first = starts.at(-1)?.from ?? input.until;
  const last = starts[0]?.to ?? input.until;
  const buckets = await readBuckets(ctx, input, job, first, last);
  const byCell = new Map(buckets.map((bucket) => [`${bucket.day} ${bucket.hour}`, bucket]));
  const isLonger = intervalSeconds(job.interval) > (input.view === "hours" ? 3600 : 86_400);
  const holding = (at: Date) =>
    isLonger
      ? buckets.find((bucket) => new Date(bucket.interval_start) <= at && at < new Date(bucket.interval_end))
      : undefined;

  const counts: JobGrid["counts"] = {};
  const life = lifeOf(job, now);
  const rows = starts.map(({ key, from }) => {
    const cells = cellRanges(input.view, key, from, job.timezone).map(({ column, day, range }) => {
      // A day that a month has not, or an hour that the clocks skip, is no cell of another one.
      const bucket = range ? byCell.get(`${day} ${input.view === "hours" ? column : 0}`) : undefined;
      const earlier = !bucket && range ? holding(range.from) : undefined;
      if (earlier) return continued(column, earlier);
      const cell = bucket ? taskCell(column, range, bucket) : emptyCell(column, range, life);
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
    type: job.type,
    view: input.view,
    timezone: job.timezone,
    rows,
    columns: rows[0]?.cells.map(({ column }) => column) ?? [],
    counts,
    hasNewer: last < now,
    hasOlder: first > life.anchor,
  };
}

type JobFacts = {
  meter_id: string;
  type: JobType;
  timezone: string;
  interval: string;
  delay_seconds: number;
  meter_type: string;
  anchor_at: string;
  end_at: string | null;
  next_interval_at: string;
  status: "active" | "paused" | "ended";
};

/** Tasks by the cell their interval starts in. */
function readBuckets(
  ctx: Ctx,
  input: { jobId: string; view: GridView },
  job: JobFacts,
  first: Date,
  last: Date,
): Promise<Bucket[]> {
  // An interval that began before the page and reaches into it: its cells continue it.
  return ctx.db.execute<Bucket>(sql`
    with seen as (
      select t.*, ${looks} as look,
        (t.interval_start at time zone ${job.timezone}) as local_start
      from meter_tasks t
      where t.job_id = ${input.jobId}::uuid
        and t.interval_start > ${first.toISOString()}::timestamptz - ${job.interval}::interval
        and t.interval_start < ${last.toISOString()}::timestamptz and t.interval_end > ${first.toISOString()}::timestamptz
    )
    select local_start::date::text as day,
      ${input.view === "hours" ? sql`extract(hour from local_start)::int` : sql`0`} as hour,
      min(interval_start) as interval_start, max(interval_end) as interval_end,
      count(*)::int as task_count, min(look)::int as look,
      (array_agg(id order by look, interval_start desc))[1] as task_id,
      (array_agg(case when state in ('failed', 'waiting')
        then jsonb_build_object('code', execution_errs->-1->>'code', 'message', execution_errs->-1->>'message') end
        order by look, interval_start desc))[1] as error,
      count(*) filter (where state = 'failed')::int as failed,
      count(*) filter (where state in ('pending', 'queued', 'running', 'waiting')
        and wait_reason is distinct from 'review')::int as open,
      sum(readings_present)::int as present, sum(readings_expected)::int as expected, sum(rows_changed)::int as changed,
      min(wait_until) filter (where state = 'waiting') as wait_until
    from seen group by 1, 2`);
}

function taskCell(column: number, range: CellRange | null, bucket: Bucket): GridCell {
  return {
    ...blank,
    column,
    state: lookNames[bucket.look - 1] ?? "succeeded",
    from: range?.from.toISOString() ?? null,
    to: range?.to.toISOString() ?? null,
    taskCount: bucket.task_count,
    failedCount: bucket.failed,
    openCount: bucket.open,
    taskId: bucket.task_id,
    error: bucket.error?.message ? bucket.error : null,
    readingsPresent: bucket.present,
    readingsExpected: bucket.expected,
    changed: bucket.changed,
    waitUntil: bucket.wait_until ? new Date(bucket.wait_until).toISOString() : null,
  };
}

/** Looks like the cell its interval began in, leads to the same task, and is counted there. */
function continued(column: number, bucket: Bucket): GridCell {
  const range = { from: new Date(bucket.interval_start), to: new Date(bucket.interval_end) };
  const cell = taskCell(column, range, bucket);
  const counts = { taskCount: 0, failedCount: 0, openCount: 0, readingsPresent: 0, readingsExpected: 0, changed: 0 };
  return { ...cell, ...counts, isContinued: true };
}

const blank = {
  isContinued: false,
  taskCount: 0,
  failedCount: 0,
  openCount: 0,
  taskId: null,
  error: null,
  readingsPresent: 0,
  readingsExpected: 0,
  changed: 0,
  waitUntil: null,
  dueAt: null,
} satisfies Partial<GridCell>;

interface Life {
  anchor: Date;
  end: Date | null;
  next: Date;
  status: JobFacts["status"];
  now: Date;
  /** When the interval that holds the instant is collected. */
  dueAt(at: Date): Date;
}

function lifeOf(job: JobFacts, now: Date): Life {
  const anchor = new Date(job.anchor_at);
  return {
    anchor,
    end: job.end_at ? new Date(job.end_at) : null,
    next: new Date(job.next_interval_at),
    status: job.status,
    now,
    dueAt: (at) => {
      const start = intervalHolding(anchor, at, job.interval, job.timezone);
      const end = intervalEnd(start, job.interval, job.timezone);
      return dueAfter(end, {
        delaySeconds: job.delay_seconds,
        meterId: job.meter_id,
        meterType: job.meter_type,
      });
    },
  };
}

function emptyCell(column: number, range: CellRange | null, life: Life): GridCell {
  const from = range?.from.toISOString() ?? null;
  const to = range?.to.toISOString() ?? null;
  if (!range) return { ...blank, column, state: "none", from, to };
  const state = emptyState(range, life);
  const isAhead = state === "not-due" || state === "due";
  return { ...blank, column, state, from, to, dueAt: isAhead ? life.dueAt(range.from).toISOString() : null };
}

function emptyState(range: CellRange, life: Life): CellState {
  if (range.to <= life.anchor || (life.end && range.from >= life.end)) return "outside";
  if (range.to <= life.next) return "missing";
  if (life.status === "ended") return "outside";
  if (life.dueAt(range.from) > life.now) return "not-due";
  return life.status === "paused" ? "paused" : "due";
}
