import { sql } from "drizzle-orm";
import { authorise } from "../auth/actor";
import type { Ctx } from "../ctx";
import type { TaskState, WaitReason } from "../db/schema/tasks";
import { NotFound } from "../errors";
import { expectedRangeSql } from "../fleet/fleet-list";
import { coverageByDay } from "../fleet/strip";
import { addDuration, dayStart } from "../time";
import { coverageOf } from "./coverage";
import { explainGaps, type Gap, type JobOfGap } from "./explain-gaps";
import { daysIn, type InstantRange } from "./explore-ranges";
import { intervalSeconds, newestSeconds } from "./interval-length";

/** How a range of one meter stands: what should be there by now, what is, and why the rest is not. */
export interface RangeState {
  /** Readings that should be there by now: after the start of its jobs, without what is not due yet. */
  expected: number;
  present: number;
  gaps: (Omit<Gap, "from" | "to" | "until"> & { from: string; to: string; until: string | null })[];
  /** When its jobs begin; null without one. */
  startsAt: string | null;
  /** From then on nothing is due yet; null without a job. */
  dueUntil: string | null;
  resolutionSeconds: number;
}

/** Up to here single readings are looked at; beyond, whole days without any. A year of readings would take a tenth of a second. */
const LONGEST_BY_READING_DAYS = 62;
/** A task is at most a month long. */
const LONGEST_TASK = "32 days";

/** Throws NotFound; Forbidden for a token that is limited to other meters. */
export async function rangeState(
  ctx: Ctx,
  input: { meterId: string } & InstantRange,
  now = new Date(),
): Promise<RangeState> {
  const { meterId, from, to } = input;
  authorise(ctx.actor, "fleet:read", meterId);
  const [meter] = await ctx.db.execute<{
    type: string;
    timezone: string;
    newest_seconds: number | null;
    expected_from: string | null;
    expected_to: string | null;
  }>(sql`
    select m.type, m.timezone, ${newestSeconds} as newest_seconds, e.expected_from, e.expected_to
    from meters m left join lateral (${expectedRangeSql(now)}) e on true where m.id = ${meterId}::uuid`);
  if (!meter) throw new NotFound(`There is no meter ${meterId}.`);
  const resolutionSeconds = intervalSeconds(meter);
  const startsAt = meter.expected_from ? new Date(meter.expected_from) : null;
  const dueUntil = meter.expected_to ? new Date(meter.expected_to) : null;
  const due = {
    from: new Date(Math.max(from.getTime(), startsAt?.getTime() ?? Number.POSITIVE_INFINITY)),
    to: new Date(Math.min(to.getTime(), dueUntil?.getTime() ?? Number.NEGATIVE_INFINITY)),
  };
  const facts = {
    startsAt: startsAt?.toISOString() ?? null,
    dueUntil: dueUntil?.toISOString() ?? null,
    resolutionSeconds,
  };
  if (!(due.to > due.from)) return { expected: 0, present: 0, gaps: [], ...facts };
  const { expected, present, missing } =
    daysIn(due, meter.timezone) <= LONGEST_BY_READING_DAYS
      ? await byReading(ctx, meterId, due)
      : await byDay(ctx, { id: meterId, timezone: meter.timezone }, due, resolutionSeconds);
  const gaps = missing.length === 0 ? [] : await explained(ctx, meterId, missing);
  return {
    expected,
    present,
    gaps: gaps.map((gap) => ({
      ...gap,
      from: gap.from.toISOString(),
      to: gap.to.toISOString(),
      until: gap.until?.toISOString() ?? null,
    })),
    ...facts,
  };
}

async function byReading(ctx: Ctx, meterId: string, { from, to }: InstantRange) {
  const range = { meterId: [meterId], from: from.toISOString(), to: to.toISOString() };
  const [found] = await coverageOf(ctx, range);
  return {
    expected: found?.expected ?? 0,
    present: Math.min(found?.present ?? 0, found?.expected ?? 0),
    missing: (found?.missing ?? []).map((gap) => ({ from: new Date(gap.from), to: new Date(gap.to) })),
  };
}

async function byDay(ctx: Ctx, meter: { id: string; timezone: string }, due: InstantRange, resolutionSeconds: number) {
  const strip = { ...meter, expectedFrom: due.from, expectedTo: due.to };
  const last = new Date(due.to.getTime() - 1);
  const found = await coverageByDay(ctx.db, [strip], daysIn(due, meter.timezone), last);
  const days = (found.get(meter.id) ?? []).filter(({ expectedSeconds }) => expectedSeconds > 0);
  return {
    expected: Math.round(days.reduce((sum, day) => sum + day.expectedSeconds, 0) / resolutionSeconds),
    present: Math.round(
      days.reduce((sum, day) => sum + Math.min(day.coveredSeconds, day.expectedSeconds), 0) / resolutionSeconds,
    ),
    missing: joined(
      days
        .filter(({ share }) => share === 0)
        .map(({ day }) => {
          const from = dayStart(day, meter.timezone) ?? due.from;
          const to = addDuration(from, "P1D", meter.timezone);
          return {
            from: new Date(Math.max(from.getTime(), due.from.getTime())),
            to: new Date(Math.min(to.getTime(), due.to.getTime())),
          };
        }),
    ),
  };
}

function joined(ranges: readonly InstantRange[]): InstantRange[] {
  const runs: InstantRange[] = [];
  for (const { from, to } of ranges) {
    const last = runs.at(-1);
    if (last && last.to.getTime() === from.getTime()) last.to = to;
    else runs.push({ from, to });
  }
  return runs;
}

async function explained(ctx: Ctx, meterId: string, missing: InstantRange[]): Promise<Gap[]> {
  const from = missing[0]?.from ?? new Date(0);
  const to = missing.at(-1)?.to ?? from;
  const [tasks, jobs] = await Promise.all([
    ctx.db.execute<{
      id: string;
      interval_start: string;
      interval_end: string;
      state: TaskState;
      wait_reason: WaitReason | null;
      wait_until: string | null;
    }>(sql`
      select id, interval_start, interval_end, state, wait_reason, wait_until from meter_tasks
      where meter_id = ${meterId}::uuid and type = 'etl' and interval_start < ${to.toISOString()}::timestamptz
        and interval_start >= ${from.toISOString()}::timestamptz - ${LONGEST_TASK}::interval
        and interval_end > ${from.toISOString()}::timestamptz
        and not (state = 'succeeded' and readings_expected > 0 and readings_present >= readings_expected)
      order by interval_start`),
    ctx.db.execute<{ status: JobOfGap["status"]; next_interval_at: string }>(
      sql`select status, next_interval_at from meter_jobs where meter_id = ${meterId}::uuid and type = 'etl'`,
    ),
  ]);
  return explainGaps(
    missing,
    tasks.map((task) => ({
      id: task.id,
      from: new Date(task.interval_start),
      to: new Date(task.interval_end),
      state: task.state,
      waitReason: task.wait_reason,
      waitUntil: task.wait_until ? new Date(task.wait_until) : null,
    })),
    jobs.map(({ status, next_interval_at }) => ({ status, nextIntervalAt: new Date(next_interval_at) })),
  );
}
