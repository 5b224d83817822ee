import { sql } from "drizzle-orm";
import type { z } from "zod";
import { authorise } from "../auth/actor";
import { connectorOf } from "../connectors/registry";
import type { Ctx } from "../ctx";
import { withTx } from "../db/tx";
import { parseInput } from "../field-errors";
import { getMeterRow } from "../meters/internal";
import { expectedCalls } from "../tasks/expected-calls";
import { nominalSeconds } from "../time";
import { assertJobFits } from "./internal";
import { anchorOf, intervalEnd, intervalSeconds, isCivil } from "./intervals";
import { jobValues } from "./job-values";
import { dueAfter } from "./off-the-quarter";
import { createJobInput } from "./schemas";

/** What a job would do once it is added. */
export interface JobPreview {
  /** Start of the first interval: the one that holds the start. */
  firstInterval: string;
  /** End of the last interval that is due already; null without any. */
  dueUntil: string | null;
  /** Intervals that are due already: their tasks are made at once. */
  tasksNow: number;
  /** For those, about; 0 for files from a bucket. */
  callsNow: number;
  readingsNow: number;
  /** When the first interval that is not due yet is collected; null where the end comes before. */
  nextDueAt: string | null;
  tasksPerDay: number;
  callsPerDay: number;
  /** Of the account and its day, as known; null where nothing is known. */
  quotaLeft: number | null;
  /** Other jobs of the meter that are not ended: they bring the same readings. */
  otherJobs: number;
  /** False of an MRV job whose meter nothing collects: it would wait for ever. */
  isFed: boolean;
}

/** More are not counted one by one. */
const LONGEST_LIST = 40_000;

/** Takes what `createJob` takes and refuses what it refuses, at the same fields. Changes nothing. */
export async function previewJob(
  ctx: Ctx,
  input: z.input<typeof createJobInput>,
  now = new Date(),
): Promise<JobPreview> {
  const given = parseInput(createJobInput, input);
  authorise(ctx.actor, "jobs:edit", given.meterId);
  const meter = await getMeterRow(ctx.db, given.meterId);
  const connector = connectorOf(meter.type);
  const job = jobValues(given, meter);
  const { interval, timezone, delaySeconds, endAt } = job;
  // Where it locks, the locks end here: nothing is kept.
  await withTx(ctx.db, (tx) => assertJobFits(tx, meter, job));

  const first = anchorOf(given.startAt, interval, timezone);
  const { count, next } = dueIntervals({ first, interval, timezone, delaySeconds, endAt, now });
  const isOver = endAt !== null && next >= endAt;
  const isEtl = job.type === "etl";
  const calls = expectedCalls(meter, interval);
  const tasksPerDay = 86_400 / intervalSeconds(interval);
  const [facts] = await ctx.db.execute<{ left: number | null; others: number }>(sql`
    select (select case when reset_at <= ${now.toISOString()}::timestamptz then "limit" else greatest(0, "limit" - used) end
        from source_quotas where account_key = ${meter.accountKey} and "window" = 'day') as left,
      (select count(*)::int from meter_jobs where meter_id = ${meter.id} and type = 'etl' and status <> 'ended') as others`);
  return {
    firstInterval: first.toISOString(),
    dueUntil: count > 0 ? next.toISOString() : null,
    tasksNow: count,
    callsNow: isEtl ? Math.ceil(count / calls.intervals) * calls.calls : 0,
    readingsNow: Math.round((next.getTime() - first.getTime()) / 1000 / nominalSeconds(connector.resolution)),
    nextDueAt: isOver
      ? null
      : dueAfter(intervalEnd(next, interval, timezone), {
          delaySeconds,
          meterId: meter.id,
          meterType: meter.type,
        }).toISOString(),
    tasksPerDay,
    callsPerDay: isEtl ? calls.alone(given.rereadIntervals) * tasksPerDay : 0,
    quotaLeft: facts?.left ?? null,
    otherJobs: isEtl ? (facts?.others ?? 0) : 0,
    isFed: isEtl || meter.dataSourceType === "UPLOAD" || (facts?.others ?? 0) > 0,
  };
}

/** How many intervals are due, and where the first begins that is not. */
function dueIntervals(job: {
  first: Date;
  interval: string;
  timezone: string;
  delaySeconds: number;
  endAt: Date | null;
  now: Date;
}): { count: number; next: Date } {
  const { first, interval, timezone, endAt } = job;
  const before = new Date(job.now.getTime() - job.delaySeconds * 1000);
  if (!isCivil(interval)) {
    const step = intervalSeconds(interval) * 1000;
    const due = Math.floor((before.getTime() - first.getTime()) / step);
    const inside = endAt ? Math.ceil((endAt.getTime() - first.getTime()) / step) : due;
    const count = Math.max(0, Math.min(due, inside));
    return { count, next: new Date(first.getTime() + count * step) };
  }
  let count = 0;
  let next = first;
  while (count < LONGEST_LIST && (!endAt || next < endAt)) {
    const end = intervalEnd(next, interval, timezone);
    if (end > before) break;
    count += 1;
    next = end;
  }
  return { count, next };
}
