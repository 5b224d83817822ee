import { sql } from "drizzle-orm";
import type { z } from "zod";
import { authorise } from "../../auth/actor";
import { connectorOf } from "../../connectors/registry";
import type { Ctx } from "../../ctx";
import type { Db } from "../../db/client";
import type { TaskState } from "../../db/schema/tasks";
import { withTx } from "../../db/tx";
import { parseInput } from "../../field-errors";
import { expectedCalls } from "../../tasks/expected-calls";
import { openBatches } from "../../tasks/limits";
import { nominalSeconds } from "../../time";
import { getJobAndMeter, type JobAndMeter } from "../internal";
import { type BackfillOrder, planRows, planToken } from "./plan-rows";
import { type BackfillPlan, planBackfillInput } from "./schemas";

/** What a backfill would do, without doing it: tasks, calls, quota, what may be overwritten, and the token to start exactly this. */
export async function planBackfill(
  ctx: Ctx,
  input: z.input<typeof planBackfillInput>,
  now = new Date(),
): Promise<BackfillPlan> {
  const { jobId, ...order } = parseInput(planBackfillInput, input);
  return withTx(ctx.db, async (tx) => {
    const found = await getJobAndMeter(tx, jobId);
    authorise(ctx.actor, "jobs:operate", found.job.meterId);
    await planRows(tx, found.job, order, now);
    return describePlan(tx, found, order, now);
  });
}

/** Reads `backfill_plan`. */
async function describePlan(tx: Db, found: JobAndMeter, order: BackfillOrder, now: Date): Promise<BackfillPlan> {
  const { job, meter } = found;
  const isEtl = job.type === "etl";
  const resolution = nominalSeconds(connectorOf(meter.type).resolution);
  const [sums] = await tx.execute<{
    in_range: number;
    create: number;
    redo: number;
    busy: number;
    leave: number;
    readings: number;
    from: string | null;
    to: string | null;
    in_missing: number;
    in_failed: number;
    in_incomplete: number;
    in_all: number;
  }>(sql`
    select count(*)::int as in_range, count(*) filter (where action = 'create')::int as "create",
      count(*) filter (where action = 'redo')::int as redo, count(*) filter (where action = 'busy')::int as busy,
      count(*) filter (where action = 'leave')::int as leave, min(interval_start) as "from", max(interval_end) as "to",
      count(*) filter (where in_missing)::int as in_missing, count(*) filter (where in_failed)::int as in_failed,
      count(*) filter (where in_incomplete)::int as in_incomplete, count(*) filter (where in_all)::int as in_all,
      coalesce(sum(extract(epoch from interval_end - interval_start)) filter (where action in ('create', 'redo')), 0)::float8
        / ${resolution}::float8 as readings
    from backfill_plan`);
  if (!sums) throw new Error("The plan gave no sums.");
  return {
    jobId: job.id,
    type: job.type,
    from: new Date(sums.from ?? order.from),
    to: new Date(sums.to ?? order.from),
    mode: order.mode,
    force: order.force,
    intervals: {
      inRange: sums.in_range,
      toCreate: sums.create,
      toRedo: sums.redo,
      inFlight: sums.busy,
      leftAlone: sums.leave,
    },
    tasksByState: await tasksByState(tx),
    tasksByMode: {
      missing: sums.in_missing,
      failed: sums.in_failed,
      incomplete: sums.in_incomplete,
      all: sums.in_all,
    },
    vendorCalls: isEtl ? await vendorCalls(tx, found, order.force) : 0,
    quota: isEtl ? await quotaOf(tx, meter.accountKey, now) : null,
    credential: isEtl ? meter.credentialHint : null,
    estimatedSeconds: isEtl ? await estimatedSeconds(tx, meter.type, sums.create + sums.redo) : null,
    readingsExpected: Math.round(sums.readings),
    readingsOverwritten: isEtl ? await readingsOverwritten(tx, meter.id) : 0,
    notes: notesOn(found, order, sums.create + sums.redo, now),
    planToken: await planToken(tx, job, order),
  };
}

async function tasksByState(tx: Db): Promise<Partial<Record<TaskState, number>>> {
  const rows = await tx.execute<{ state: TaskState; count: number }>(
    sql`select state, count(*)::int as count from backfill_plan where state is not null group by state`,
  );
  return Object.fromEntries(rows.map((row) => [row.state, row.count]));
}

/** Intervals to fetch joined into ranges without gaps, each cut to the vendor's longest call. */
async function vendorCalls(tx: Db, { job, meter }: JobAndMeter, force: boolean): Promise<number> {
  const { intervals, calls } = expectedCalls(meter, job.interval);
  const [row] = await tx.execute<{ calls: number }>(sql`
    with fetched as (
      select interval_start, (lag(interval_end) over (order by interval_start)) is distinct from interval_start as is_first
      from backfill_plan
      where action in ('create', 'redo') and (${force || job.forceOverride} or not has_bytes)
    ), numbered as (
      select sum(is_first::int) over (order by interval_start) as run from fetched
    )
    select coalesce(sum(ceil(intervals / ${intervals}::numeric) * ${calls}::int), 0)::int as calls
    from (select count(*) as intervals from numbered group by run) runs`);
  return row?.calls ?? 0;
}

/** Stored readings inside what is done again, or created over readings that another job brought. */
async function readingsOverwritten(tx: Db, meterId: string): Promise<number> {
  const [row] = await tx.execute<{ readings: number }>(sql`
    with touched as (
      select interval_start, interval_end,
        (lag(interval_end) over (order by interval_start)) is distinct from interval_start as is_first
      from backfill_plan where action in ('create', 'redo')
    ), numbered as (
      select *, sum(is_first::int) over (order by interval_start) as run from touched
    ), runs as (
      select min(interval_start) as "from", max(interval_end) as "to" from numbered group by run
    )
    select count(*)::int as readings from runs r
    join meter_data d on d.meter_id = ${meterId} and d."timestamp" >= r."from" and d."timestamp" < r."to"`);
  return row?.readings ?? 0;
}

/** As long as the newest twenty backfill batches of this meter type took, two of an account side by side. */
async function estimatedSeconds(tx: Db, meterType: string, tasks: number): Promise<number | null> {
  const [row] = await tx.execute<{ tasks: number | null; seconds: number | null }>(sql`
    select avg(task_count)::float8 as tasks, avg(extract(epoch from finished_at - created_at))::float8 as seconds
    from (select * from task_batches where type = 'etl' and meter_type = ${meterType} and is_backfill and finished_at is not null
      order by created_at desc limit 20) newest`);
  if (!row?.tasks || row.seconds === null || tasks === 0) return null;
  const batches = Math.ceil(tasks / row.tasks);
  return Math.ceil((batches * row.seconds) / Math.min(batches, openBatches.perAccount.backfill));
}

async function quotaOf(tx: Db, accountKey: string, now: Date): Promise<BackfillPlan["quota"]> {
  const [row] = await tx.execute<{ limit: number; used: number; reset_at: string }>(sql`
    select "limit", used, reset_at from source_quotas where account_key = ${accountKey} and "window" = 'day'`);
  if (!row) return null;
  const resetAt = new Date(row.reset_at);
  // A window that has run out opens anew with the next call.
  if (resetAt <= now) return { limit: row.limit, left: row.limit, resetAt: null };
  return { limit: row.limit, left: Math.max(0, row.limit - row.used), resetAt };
}

function notesOn({ job, meter }: JobAndMeter, order: BackfillOrder, count: number, now: Date): string[] {
  const notes: string[] = [];
  if (order.from < job.anchorAt) {
    notes.push("The range starts before the job. Move the job's start back first to have those intervals too.");
  }
  if (job.endAt && order.to > job.endAt) notes.push("The range goes on after the job's end: nothing is done there.");
  const { label, history } = connectorOf(meter.type);
  if (job.type === "mrv") {
    notes.push("A record that was submitted is left as it is: a correction of it is made on its own page.");
  } else if (history !== undefined && meter.dataSourceType === "API") {
    const days = Math.round(nominalSeconds(history) / 86_400);
    if (order.from.getTime() < now.getTime() - days * 86_400_000) {
      notes.push(`${label} keeps ${days} days: what is older fails at once, without a call.`);
    }
  }
  if (order.to > now) notes.push("Intervals that are not due yet are left to the job itself.");
  if (job.status === "paused") notes.push("The job is paused: the tasks wait until it is resumed.");
  if (meter.archivedAt) notes.push("The meter is archived: a backfill cannot start.");
  if (count === 0) notes.push("There is nothing to do in this range.");
  return notes;
}
