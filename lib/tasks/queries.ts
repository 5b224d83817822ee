import { type AnyColumn, and, asc, count, desc, eq, inArray, type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import { authorise } from "../auth/actor";
import type { Ctx } from "../ctx";
import type { Db } from "../db/client";
import { archiveObjects, meterJobs, meters, meterTasks, type TaskState, taskBatches } from "../db/schema";
import { NotFound } from "../errors";
import { parseInput } from "../field-errors";
import { decodeCursor, type Page, page } from "../http/cursor";
import { listTasksQuery, type TaskDetail, type TaskDto, taskFilter, taskIdInput, type taskSorts } from "./schemas";
import { lastErrorCode, taskWhere } from "./task-where";

/** In the asked order, newest interval first by default. The vendor's answers are left out: `getTask` has them. */
export async function listTasks(ctx: Ctx, input: z.input<typeof listTasksQuery>): Promise<Page<TaskDto>> {
  authorise(ctx.actor, "fleet:read");
  const { cursor, limit, sort, descending, ...filter } = parseInput(listTasksQuery, input);
  const { value, text, type } = sorts[sort];
  const order = `${sort} ${descending ? "down" : "up"}`;
  const shape = z.tuple([z.literal(order), z.string().regex(type.form), z.uuid()]);
  const after = cursor === undefined ? undefined : decodeCursor(cursor, shape);
  const direction = descending ? desc : asc;
  const rows = await select(ctx.db, text)
    .where(
      and(
        taskWhere(ctx.actor, filter),
        after &&
          sql`(${value}, ${meterTasks.id}) ${descending ? sql`<` : sql`>`} (${after[1]}::${type.name}, ${after[2]}::uuid)`,
      ),
    )
    .orderBy(direction(value), direction(meterTasks.id))
    .limit(limit + 1);
  const artifacts = await artifactsOf(ctx.db, rows.slice(0, limit));
  return page(
    rows,
    limit,
    ({ task, sortKey }) => [order, sortKey, task.id],
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

/** Codes of the errors that tasks of a filter stand with now, the commonest first. */
export async function countErrorCodes(
  ctx: Ctx,
  input: z.input<typeof taskFilter>,
): Promise<{ code: string; tasks: number }[]> {
  authorise(ctx.actor, "fleet:read");
  return ctx.db
    .select({ code: sql<string>`${lastErrorCode}`, tasks: count() })
    .from(meterTasks)
    .where(
      and(
        taskWhere(ctx.actor, { state: ["waiting", "failed"], ...parseInput(taskFilter, input) }),
        sql`${lastErrorCode} is not null`,
      ),
    )
    .groupBy(sql`1`)
    .orderBy(desc(count()), sql`1`)
    .limit(30);
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

const instantType = { name: sql`timestamptz`, form: /^\d{4}-\d{2}-\d{2}T[\d:.]{15}Z$/ };
const numberType = { name: sql`numeric`, form: /^\d{1,12}(\.\d{1,9})?$/ };
// Microseconds are kept, which a Date loses: rows of one statement would be skipped at the end of a page.
const instantText = (value: SQL | AnyColumn) =>
  sql<string>`to_char(${value} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;
/** Worked time of all attempts, without waits. */
const workedSeconds = sql`(select coalesce(sum(extract(epoch from (each->>'endedAt')::timestamptz - (each->>'startedAt')::timestamptz)), 0)
  from jsonb_array_elements(${meterTasks.timings}) each)`;

/** What tasks are sorted by, how a cursor writes it, and how it is read again. */
const sorts: Record<
  (typeof taskSorts)[number],
  { value: SQL | AnyColumn; text: SQL<string>; type: { name: SQL; form: RegExp } }
> = {
  interval: { value: meterTasks.intervalStart, text: instantText(meterTasks.intervalStart), type: instantType },
  changed: { value: meterTasks.updatedAt, text: instantText(meterTasks.updatedAt), type: instantType },
  retries: { value: meterTasks.retryCount, text: sql<string>`${meterTasks.retryCount}::text`, type: numberType },
  worked: { value: workedSeconds, text: sql<string>`${workedSeconds}::text`, type: numberType },
};

function select(db: Db, sortKey: SQL<string> = sorts.interval.text) {
  return db
    .select({
      task: meterTasks,
      jobName: meterJobs.name,
      maxRetries: meterJobs.maxRetries,
      meterName: meters.name,
      timezone: meters.timezone,
      sortKey,
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
  timezone: string;
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

function toDto({ task, jobName, maxRetries, meterName, timezone, runId }: Row, artifacts: Artifacts): TaskDto {
  const { rejects: _rejects, batchId: _batch, rawObjectIds: _raw, transformedObjectId: _transformed, ...shown } = task;
  return {
    ...shown,
    jobName,
    maxRetries,
    meterName,
    timezone,
    runId,
    artifacts: objectIds(task).flatMap((id) => artifacts.get(id) ?? []),
  };
}
