import { and, asc, eq, gte, inArray, lt, sql } from "drizzle-orm";
import { z } from "zod";
import { authorise } from "../auth/actor";
import type { Ctx } from "../ctx";
import { archiveObjects, meterData, meterDataRevisions, meterTasks } from "../db/schema";
import { parseInput } from "../field-errors";
import { instant } from "../http/fields";
import { type MetricName, metricNames, metricOf } from "../metrics/registry";
import { type ObjectOrigin, originOf } from "./provenance";

/** A month of days with summer time, in hours. */
const LONGEST_MS = 746 * 3_600_000;

export const intervalInput = z
  .strictObject({ meterId: z.uuid(), metric: z.enum(metricNames), from: instant, to: instant })
  .refine(({ from, to }) => to > from && to.getTime() - from.getTime() <= LONGEST_MS, {
    path: ["to"],
    message: "`to` is after `from`, and at most a month.",
  });

/** Readings of an interval that one task read from one object. */
export interface IntervalSource {
  taskId: string;
  /** The task's own interval. */
  taskFrom: string;
  taskTo: string;
  readings: number;
  ingestedAt: string;
  /** The transformed object they were read from, and the raw ones that was made from, in order. */
  object: ObjectOrigin | null;
  inputs: ObjectOrigin[];
}

/** A value that a restatement replaced. */
export interface ReplacedValue {
  at: string;
  revision: number;
  value: number | null;
  replacedAt: string;
  /** One of both: the task that brought another value, or the recompute of carbon. */
  replacedByTaskId: string | null;
  replacedByRecomputeId: string | null;
}

export interface IntervalSources {
  sources: IntervalSource[];
  /** Newest interval first, the first fifty. */
  replaced: ReplacedValue[];
}

const MOST_REPLACED = 50;

/** What the readings that start in an interval came from, back to the raw bytes, and what restatements replaced there. */
export async function intervalSources(ctx: Ctx, input: z.input<typeof intervalInput>): Promise<IntervalSources> {
  const { meterId, metric, from, to } = parseInput(intervalInput, input);
  authorise(ctx.actor, "fleet:read", meterId);
  const found = await ctx.db
    .select({
      taskId: meterData.taskId,
      objectId: meterData.objectId,
      readings: sql<number>`count(*)::int`,
      ingestedAt: sql<string>`max(${meterData.ingestedAt})`,
      taskFrom: meterTasks.intervalStart,
      taskTo: meterTasks.intervalEnd,
    })
    .from(meterData)
    .innerJoin(meterTasks, eq(meterTasks.id, meterData.taskId))
    .where(and(eq(meterData.meterId, meterId), gte(meterData.timestamp, from), lt(meterData.timestamp, to)))
    .groupBy(meterData.taskId, meterData.objectId, meterTasks.intervalStart, meterTasks.intervalEnd)
    .orderBy(asc(meterTasks.intervalStart), asc(meterData.objectId));
  const objects = await objectsOf(
    ctx,
    found.map(({ objectId }) => objectId),
  );
  const raw = await objectsOf(
    ctx,
    [...objects.values()].flatMap(({ inputIds }) => inputIds ?? []),
  );
  return {
    sources: found.map(({ objectId, taskFrom, taskTo, ingestedAt, ...rest }) => {
      const object = objects.get(objectId);
      return {
        ...rest,
        taskFrom: taskFrom.toISOString(),
        taskTo: taskTo.toISOString(),
        ingestedAt: new Date(ingestedAt).toISOString(),
        object: object ? originOf(object) : null,
        inputs: (object?.inputIds ?? []).flatMap((id) => {
          const row = raw.get(id);
          return row ? [originOf(row)] : [];
        }),
      };
    }),
    replaced: await replacedIn(ctx, { meterId, metric, from, to }),
  };
}

async function objectsOf(ctx: Ctx, ids: readonly string[]) {
  const distinct = [...new Set(ids)];
  const rows =
    distinct.length === 0 ? [] : await ctx.db.select().from(archiveObjects).where(inArray(archiveObjects.id, distinct));
  return new Map(rows.map((row) => [row.id, row]));
}

async function replacedIn(
  ctx: Ctx,
  { meterId, metric, from, to }: { meterId: string; metric: MetricName; from: Date; to: Date },
): Promise<ReplacedValue[]> {
  const rows = await ctx.db.execute<{
    timestamp: string;
    revision: number;
    value: string | null;
    replaced_at: string;
    task_id: string | null;
    recompute_id: string | null;
  }>(sql`
    select timestamp, revision, ${sql.identifier(metricOf(metric).column)}::text as value, replaced_at,
      replaced_by_task_id as task_id, replaced_by_recompute_id as recompute_id
    from ${meterDataRevisions}
    where meter_id = ${meterId}::uuid and timestamp >= ${from.toISOString()}::timestamptz
      and timestamp < ${to.toISOString()}::timestamptz
    order by timestamp desc, revision desc limit ${MOST_REPLACED}`);
  return rows.map((row) => ({
    at: new Date(row.timestamp).toISOString(),
    revision: row.revision,
    value: row.value === null ? null : Number(row.value),
    replacedAt: new Date(row.replaced_at).toISOString(),
    replacedByTaskId: row.task_id,
    replacedByRecomputeId: row.recompute_id,
  }));
}
