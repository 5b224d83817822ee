import { and, count, desc, eq, inArray, sql } from "drizzle-orm";
import { z } from "zod";
import { authorise } from "../auth/actor";
import type { Ctx } from "../ctx";
import type { Db } from "../db/client";
import { archiveObjects, meterJobs, meters, meterTasks, type TaskState, taskBatches } from "../db/schema";
import { NotFound } from "../errors";
import { parseInput } from "../field-errors";
import { decodeCursor, type Page, page } from "../http/cursor";
import { epochMilliseconds } from "../http/fields";
import { listTasksQuery, type TaskDetail, type TaskDto, taskFilter, taskIdInput } from "./schemas";
import { taskWhere } from "./task-where";

const cursorShape = z.tuple([epochMilliseconds, z.uuid()]);

/** Newest interval first. The vendor's answers are left out: `getTask` has them. */
export async function listTasks(ctx: Ctx, input: z.input<typeof listTasksQuery>): Promise<Page<TaskDto>> {
  authorise(ctx.actor, "fleet:read");
  const { cursor, limit, ...filter } = parseInput(listTasksQuery, input);
  const after = cursor === undefined ? undefined : decodeCursor(cursor, cursorShape);
  const rows = await select(ctx.db)
    .where(
      and(
        taskWhere(ctx.actor, filter),
        after &&
          sql`(${meterTasks.intervalStart}, ${meterTasks.id}) < (${new Date(after[0]).toISOString()}::timestamptz, ${after[1]}::uuid)`,
      ),
    )
    .orderBy(desc(meterTasks.intervalStart), desc(meterTasks.id))
    .limit(limit + 1);
  const artifacts = await artifactsOf(ctx.db, rows.slice(0, limit));
  return page(
    rows,
    limit,
    ({ task }) => [task.intervalStart.getTime(), task.id],
    (row) => {
      const dto = toDto(row, artifacts);
      return { ...dto, executionErrs: dto.executionErrs.map(({ answer: _, ...err }) => err) };
    },
  );
}

/** How many tasks a filter names, by state. */
export async function countTasks(
  ctx: Ctx,
  input: z.input<typeof taskFilter>,
): Promise<Partial<Record<TaskState, number>>> {
  authorise(ctx.actor, "fleet:read");
  const rows = await ctx.db
    .select({ state: meterTasks.state, count: count() })
    .from(meterTasks)
    .where(taskWhere(ctx.actor, parseInput(taskFilter, input)))
    .groupBy(meterTasks.state);
  return Object.fromEntries(rows.map((row) => [row.state, row.count]));
}

/** Throws NotFound; Forbidden for a token that is limited to other meters. */
export async function getTask(ctx: Ctx, input: z.input<typeof taskIdInput>): Promise<TaskDetail> {
  const { taskId } = parseInput(taskIdInput, input);
  authorise(ctx.actor, "fleet:read");
  const [row] = await select(ctx.db).where(eq(meterTasks.id, taskId));
  if (!row) throw new NotFound("There is no such task.");
  authorise(ctx.actor, "fleet:read", row.task.meterId);
  return { ...toDto(row, await artifactsOf(ctx.db, [row])), rejects: row.task.rejects };
}

function select(db: Db) {
  return db
    .select({
      task: meterTasks,
      jobName: meterJobs.name,
      maxRetries: meterJobs.maxRetries,
      meterName: meters.name,
      runId: taskBatches.runId,
    })
    .from(meterTasks)
    .innerJoin(meterJobs, eq(meterJobs.id, meterTasks.jobId))
    .innerJoin(meters, eq(meters.id, meterTasks.meterId))
    .leftJoin(taskBatches, eq(taskBatches.id, meterTasks.batchId))
    .$dynamic();
}

interface Row {
  task: typeof meterTasks.$inferSelect;
  jobName: string;
  maxRetries: number;
  meterName: string;
  runId: string | null;
}

type Artifacts = Map<string, TaskDto["artifacts"][number]>;

async function artifactsOf(db: Db, rows: readonly Row[]): Promise<Artifacts> {
  const ids = [...new Set(rows.flatMap((row) => objectIds(row.task)))];
  if (ids.length === 0) return new Map();
  const objects = await db.select().from(archiveObjects).where(inArray(archiveObjects.id, ids));
  return new Map(
    objects.map(({ id, kind, key, sha256, sizeBytes, contentType, coversFrom, coversTo, origin, fetchedAt }) => [
      id,
      { id, kind, key, sha256, sizeBytes, contentType, coversFrom, coversTo, origin: { ...origin }, fetchedAt },
    ]),
  );
}

function objectIds(task: Row["task"]): string[] {
  return task.transformedObjectId ? [...task.rawObjectIds, task.transformedObjectId] : task.rawObjectIds;
}

function toDto({ task, jobName, maxRetries, meterName, runId }: Row, artifacts: Artifacts): TaskDto {
  const { rejects: _rejects, batchId: _batch, rawObjectIds: _raw, transformedObjectId: _transformed, ...shown } = task;
  return {
    ...shown,
    jobName,
    maxRetries,
    meterName,
    runId,
    artifacts: objectIds(task).flatMap((id) => artifacts.get(id) ?? []),
  };
}
