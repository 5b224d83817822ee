import { eq, sql } from "drizzle-orm";
import type { z } from "zod";
import { audit } from "../audit/audit";
import { canonicalJson } from "../audit/chain";
import { authorise } from "../auth/actor";
import type { Ctx } from "../ctx";
import type { Db } from "../db/client";
import { meterJobs, meterTasks } from "../db/schema";
import { withTx } from "../db/tx";
import { NotPossibleNow } from "../errors";
import { parseInput } from "../field-errors";
import { nominalSeconds } from "../time";
import { assertJobFits, getJobForUpdate, type JobRow, toDto } from "./internal";
import { anchorOf, intervalHolding } from "./intervals";
import { collecting, jobSettings } from "./job-values";
import { type JobDto, updateJobInput } from "./schemas";

/**
 * Changes a job that has not ended. Interval, time zone and a later start can change while the job has no tasks: later their
 * intervals would not fit the ones that exist. The start may always move back; a backfill then fills what lies before.
 * An end that is already passed ends the job.
 */
export async function updateJob(ctx: Ctx, input: z.input<typeof updateJobInput>): Promise<JobDto> {
  const { jobId, delay, ...changes } = parseInput(updateJobInput, input);
  const dto = await withTx(ctx.db, async (tx) => {
    const { job, meter } = await getJobForUpdate(tx, jobId);
    authorise(ctx.actor, "jobs:edit", job.meterId);
    if (job.status === "ended") throw new NotPossibleNow("An ended job cannot be changed: add a new one.");
    const wanted: JobRow = { ...job, ...withoutUndefined(changes) };
    if (changes.settings !== undefined) wanted.settings = jobSettings(job.type, changes.settings);
    Object.assign(wanted, collecting(job.type, wanted));
    if (delay !== undefined) wanted.delaySeconds = nominalSeconds(delay);
    if (isFitting(job, wanted)) await assertJobFits(tx, meter, wanted);
    Object.assign(wanted, await grid(tx, job, wanted));
    if (wanted.endAt && wanted.endAt <= wanted.nextIntervalAt) wanted.status = "ended";

    if (Object.keys(differences(job, wanted)).length === 0) return toDto({ job, meter });
    const { id: _id, createdAt: _createdAt, updatedAt: _updatedAt, ...columns } = wanted;
    const [updated] = await tx
      .update(meterJobs)
      .set({ ...columns, updatedAt: sql`now()` })
      .where(eq(meterJobs.id, jobId))
      .returning();
    if (!updated) throw new Error("The job was locked and is gone.");
    await audit(tx, ctx.actor, "job.changed", {
      objectType: "job",
      objectId: jobId,
      meterId: job.meterId,
      details: differences(job, updated),
    });
    return toDto({ job: updated, meter });
  });
  ctx.startWork?.();
  return dto;
}

/** A job that no longer fits its device can be renamed and ended all the same: only what it has to do with is looked at. */
function isFitting(before: JobRow, wanted: JobRow): boolean {
  const changed = Object.keys(differences(before, wanted));
  const names = ["startAt", "endAt", "interval", "timezone"];
  return wanted.type === "etl" || changed.some((name) => names.includes(name) || name.startsWith("MRV_"));
}

/** Where the intervals start, and where the cursor stands. */
async function grid(tx: Db, before: JobRow, wanted: JobRow): Promise<Pick<JobRow, "anchorAt" | "nextIntervalAt">> {
  const isOtherGrid = before.interval !== wanted.interval || before.timezone !== wanted.timezone;
  const { startAt, interval, timezone } = wanted;
  if (!isOtherGrid && startAt.getTime() === before.startAt.getTime()) {
    return { anchorAt: before.anchorAt, nextIntervalAt: before.nextIntervalAt };
  }
  const [task] = await tx
    .select({ id: meterTasks.id })
    .from(meterTasks)
    .where(eq(meterTasks.jobId, before.id))
    .limit(1);
  if (!task) {
    const anchorAt = anchorOf(startAt, interval, timezone);
    return { anchorAt, nextIntervalAt: anchorAt };
  }
  if (isOtherGrid) {
    throw new NotPossibleNow(
      "Interval and time zone cannot change once there are tasks: end this job and add a new one.",
    );
  }
  if (startAt > before.startAt) {
    throw new NotPossibleNow("The start cannot move forward once there are tasks. It can move back.");
  }
  return {
    anchorAt: intervalHolding(before.anchorAt, startAt, interval, timezone),
    nextIntervalAt: before.nextIntervalAt,
  };
}

function withoutUndefined<T extends object>(values: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}

/** Settings one by one: the log says which of them changed. */
function differences(before: JobRow, after: JobRow): Record<string, { from: unknown; to: unknown }> {
  const was = told(before);
  const is = told(after);
  return Object.fromEntries(
    Object.keys({ ...was, ...is })
      .filter((name) => canonicalJson(was[name] ?? null) !== canonicalJson(is[name] ?? null))
      .map((name) => [name, { from: was[name] ?? null, to: is[name] ?? null }]),
  );
}

function told({ updatedAt: _, settings, ...columns }: JobRow): Record<string, unknown> {
  return JSON.parse(JSON.stringify({ ...columns, ...settings }));
}
