import { inArray } from "drizzle-orm";
import { authorise } from "../auth/actor";
import type { Ctx } from "../ctx";
import { archiveObjects } from "../db/schema";
import { type MetricName, metricNames, type Quality } from "../metrics/registry";
import { addDuration } from "../time";
import type { InstantRange } from "./explore-ranges";
import type { Granularity } from "./granularities";
import { listRows, type ReadingRow } from "./read-rows";

/** One interval of a meter, as screens draw it; raw readings have `raw`, made ones only the counts. */
export interface ExploreBucket {
  startAt: string;
  endAt: string;
  /** Null: no reading says so. */
  values: Partial<Record<MetricName, number | null>>;
  readings: number;
  /** Readings that should be there by now; null where that is not known (a single reading). */
  expected: number | null;
  /** Readings that are not `actual`, and those that a later collection changed. */
  estimated: number;
  restated: number;
  raw?: { quality: Quality; revision: number; ingestedAt: string; taskId: string; objectId: string };
}

/** One meter's buckets, oldest first; those without readings are left out. Ends are civil where the buckets are. */
export async function exploreMeter(
  ctx: Ctx,
  input: {
    meterId: string;
    timezone: string;
    metrics: readonly MetricName[];
    granularity: Granularity;
  } & InstantRange,
  now?: Date,
): Promise<ExploreBucket[]> {
  const { meterId, timezone, metrics, from, to, granularity } = input;
  const query = {
    meterId: [meterId],
    metrics: [...metrics],
    from: from.toISOString(),
    to: to.toISOString(),
    granularity,
    timezone,
  };
  const rows = await listRows(ctx, query, now);
  return rows.map((row) => (granularity === "raw" ? rawBucket(row) : madeBucket(row, granularity, timezone)));
}

function rawBucket(row: ReadingRow): ExploreBucket {
  const start = new Date(row.timestamp);
  const { quality, revision, ingestedAt, taskId, objectId } = row as Required<ReadingRow>;
  return {
    startAt: start.toISOString(),
    endAt: new Date(start.getTime() + (row.durationSeconds ?? 0) * 1000).toISOString(),
    values: valuesOf(row),
    readings: 1,
    expected: null,
    estimated: quality === "actual" ? 0 : 1,
    restated: revision > 1 ? 1 : 0,
    raw: { quality: quality as Quality, revision, ingestedAt, taskId, objectId },
  };
}

/** Calendar arithmetic costs as much as reading a row does: only days and months need it. */
const fixedMs: Partial<Record<Granularity, number>> = { PT30M: 1_800_000, PT1H: 3_600_000 };

function madeBucket(row: ReadingRow, granularity: Exclude<Granularity, "raw">, timezone: string): ExploreBucket {
  const start = new Date(row.timestamp);
  const length = fixedMs[granularity];
  return {
    startAt: start.toISOString(),
    endAt: (length ? new Date(start.getTime() + length) : addDuration(start, granularity, timezone)).toISOString(),
    values: valuesOf(row),
    readings: row.readings ?? 0,
    expected: row.expected ?? 0,
    estimated: row.estimated ?? 0,
    restated: row.restated ?? 0,
  };
}

function valuesOf(row: ReadingRow): ExploreBucket["values"] {
  const asked = metricNames.filter((name) => name in row);
  return Object.fromEntries(asked.map((name) => [name, row[name] === null ? null : Number(row[name])]));
}

/** SHA-256 of the objects behind raw buckets, by object id. */
export async function hashesOf(
  ctx: Ctx,
  meterId: string,
  buckets: readonly ExploreBucket[],
): Promise<Record<string, string>> {
  authorise(ctx.actor, "fleet:read", meterId);
  const ids = [...new Set(buckets.flatMap(({ raw }) => raw?.objectId ?? []))];
  if (ids.length === 0) return {};
  const rows = await ctx.db
    .select({ id: archiveObjects.id, sha256: archiveObjects.sha256 })
    .from(archiveObjects)
    .where(inArray(archiveObjects.id, ids));
  return Object.fromEntries(rows.map(({ id, sha256 }) => [id, sha256]));
}
