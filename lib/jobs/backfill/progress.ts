import { and, desc, eq, sql } from "drizzle-orm";
import type { z } from "zod";
import { authorise } from "../../auth/actor";
import type { Ctx } from "../../ctx";
import type { Db } from "../../db/client";
import { backfills, meterJobs } from "../../db/schema/jobs";
import type { TaskState } from "../../db/schema/tasks";
import { NotFound } from "../../errors";
import { parseInput } from "../../field-errors";
import { getJobAndMeter } from "../internal";
import { jobIdInput } from "../schemas";
import { type BackfillDto, backfillIdInput } from "./schemas";

const finishedStates: readonly TaskState[] = ["succeeded", "failed", "cancelled"];

/** Throws NotFound. */
export async function backfillOf(db: Db, backfillId: string): Promise<BackfillDto> {
  const [row] = await db.select().from(backfills).where(eq(backfills.id, backfillId));
  if (!row) throw new NotFound("There is no such backfill.");
  return withProgress(db, row);
}

/** The backfill with its tasks by state as they are now. */
export async function backfillProgress(ctx: Ctx, input: z.input<typeof backfillIdInput>): Promise<BackfillDto> {
  const { backfillId, jobId } = parseInput(backfillIdInput, input);
  authorise(ctx.actor, "fleet:read");
  authorise(ctx.actor, "fleet:read", await meterOfBackfill(ctx.db, backfillId, jobId));
  return backfillOf(ctx.db, backfillId);
}

/** The newest ten of a job. */
export async function listBackfills(ctx: Ctx, input: z.input<typeof jobIdInput>): Promise<BackfillDto[]> {
  const { jobId } = parseInput(jobIdInput, input);
  authorise(ctx.actor, "fleet:read");
  const { job } = await getJobAndMeter(ctx.db, jobId);
  authorise(ctx.actor, "fleet:read", job.meterId);
  const rows = await ctx.db
    .select()
    .from(backfills)
    .where(eq(backfills.jobId, jobId))
    .orderBy(desc(backfills.createdAt))
    .limit(10);
  return Promise.all(rows.map((row) => withProgress(ctx.db, row)));
}

export async function meterOfBackfill(db: Db, backfillId: string, jobId?: string): Promise<string> {
  const [row] = await db
    .select({ meterId: meterJobs.meterId })
    .from(backfills)
    .innerJoin(meterJobs, eq(meterJobs.id, backfills.jobId))
    .where(and(eq(backfills.id, backfillId), jobId === undefined ? undefined : eq(backfills.jobId, jobId)));
  if (!row) throw new NotFound("There is no such backfill.");
  return row.meterId;
}

const RATE_MINUTES = 5;

async function withProgress(db: Db, row: typeof backfills.$inferSelect, now = new Date()): Promise<BackfillDto> {
  const since = new Date(Math.max(row.createdAt.getTime(), now.getTime() - RATE_MINUTES * 60_000));
  const counts = await db.execute<{ state: TaskState; count: number; recent: number }>(
    sql`select state, count(*)::int as count, count(*) filter (where finished_at >= ${since.toISOString()}::timestamptz)::int as recent
      from meter_tasks where backfill_id = ${row.id} group by state`,
  );
  const finishedTasks = counts.reduce((sum, { state, count }) => sum + (finishedStates.includes(state) ? count : 0), 0);
  const recent = counts.reduce((sum, each) => sum + each.recent, 0);
  const minutes = Math.max((now.getTime() - since.getTime()) / 60_000, 1 / 60);
  const tasksPerMinute = row.status === "running" ? recent / minutes : null;
  const left = counts.reduce((sum, { count }) => sum + count, 0) - finishedTasks;
  return {
    id: row.id,
    jobId: row.jobId,
    from: row.fromAt,
    to: row.toAt,
    mode: row.mode,
    force: row.isForced,
    status: row.status,
    taskCount: row.taskCount,
    tasksByState: Object.fromEntries(counts.map(({ state, count }) => [state, count])),
    finishedTasks,
    tasksPerMinute,
    expectedEndAt: tasksPerMinute && left > 0 ? new Date(now.getTime() + (left / tasksPerMinute) * 60_000) : null,
    createdBy: row.createdBy,
    createdAt: row.createdAt,
    finishedAt: row.finishedAt,
  };
}
