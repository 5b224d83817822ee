import type { Ctx } from "../ctx";
import { parseInput } from "../field-errors";
import { type MetricName, metricNames } from "../metrics/registry";
import { addDuration, startOfDay } from "../time";
import { type RowsRequest, rowsSql } from "./buckets";
import type { Granularity } from "./granularities";
import { type ReadableMeter, readableMeters } from "./readable-meters";
import { type ReadingsInput, readingsInput } from "./schemas";
import { thinOut } from "./thin-out";

/** One row; metrics are decimal text, null where the source did not say. `timestamp` is the START. */
export type ReadingRow = {
  meterId: string;
  timestamp: string;
  quality?: string;
  durationSeconds?: number;
  revision?: number;
  taskId?: string;
  objectId?: string;
  ingestedAt?: string;
  readings?: number;
  expected?: number;
  /** readings / expected, at most 1; null where nothing is expected yet. */
  coverage?: number | null;
  estimated?: number;
  restated?: number;
} & Partial<Record<MetricName, string | null>>;

export interface Rows {
  metrics: readonly MetricName[];
  /** In order of the columns of a CSV. */
  columns: readonly string[];
  /** Pages in order of meter and time. Nothing is held between two pages, neither rows nor a connection. */
  pages: AsyncIterable<ReadingRow[]>;
  meters: readonly ReadableMeter[];
}

/** How much of a meter's time one statement reads: a few thousand rows of five-minute readings. Days and months in one. */
const pageLength: Record<Granularity, string> = {
  raw: "P14D",
  PT30M: "P92D",
  PT1H: "P184D",
  P1D: "P3661D",
  P1M: "P3661D",
};

/**
 * Rows of `meter_data`, or of the hours, days or months made from it (from the rollups where the zone allows). Buckets without
 * a reading are left out: absence is never shown as 0. Throws before the first page what is wrong with the request.
 */
export async function readRows(ctx: Ctx, input: ReadingsInput, now: Date = new Date()): Promise<Rows> {
  const query = parseInput(readingsInput, input);
  const { granularity, from, to, maxPoints } = query;
  const found = await readableMeters(ctx, query.meterId);
  const metrics = query.metrics ?? metricNames;
  async function* pagesOf(): AsyncGenerator<ReadingRow[]> {
    for (const meters of groupsOf(found, query)) {
      const pages = pagesOfGroup(ctx, { ...query, meters, metrics, now });
      yield* maxPoints === undefined ? pages : thinOut(pages, { from, to, metrics, maxPoints });
    }
  }
  return { metrics, columns: columnsOf(granularity, metrics), pages: pagesOf(), meters: found };
}

async function* pagesOfGroup(
  ctx: Ctx,
  request: Omit<RowsRequest, "timezone"> & { timezone?: string | undefined },
): AsyncGenerator<ReadingRow[]> {
  const { meters, from, to, granularity } = request;
  const timezone = request.timezone ?? meters[0]?.timezone ?? "UTC";
  for (const range of cut(from, to, pageLength[granularity], timezone)) {
    const statement = rowsSql({ ...request, ...range, timezone });
    const rows =
      granularity === "raw"
        ? (await ctx.db.execute<RawDbRow>(statement)).map(rawRow)
        : withCoverage(await ctx.db.execute<BucketDbRow>(statement));
    if (rows.length > 0) yield rows;
  }
}

/** Days of all meters that one statement reads; whoever reads months of years stays below it, too. */
const METER_DAYS = 12_000;

/**
 * Meters that one statement reads together, in their order: those of one zone where buckets are days or months, one
 * otherwise. A fleet's year by statements of one meter each took as long in round trips as in work.
 */
function* groupsOf(
  found: readonly ReadableMeter[],
  {
    from,
    to,
    granularity,
    maxPoints,
  }: { from: Date; to: Date; granularity: Granularity; maxPoints?: number | undefined },
): Generator<ReadableMeter[]> {
  const days = (to.getTime() - from.getTime()) / 86_400_000;
  const isTogether = maxPoints === undefined && (granularity === "P1D" || granularity === "P1M");
  const most = isTogether ? Math.max(1, Math.floor(METER_DAYS / days)) : 1;
  let group: ReadableMeter[] = [];
  for (const meter of found) {
    const [first] = group;
    if (first && (first.timezone !== meter.timezone || group.length === most)) {
      yield group;
      group = [];
    }
    group.push(meter);
  }
  if (group.length > 0) yield group;
}

/** All rows at once, for screens. */
export async function listRows(ctx: Ctx, input: ReadingsInput, now?: Date): Promise<ReadingRow[]> {
  const rows: ReadingRow[] = [];
  for await (const page of (await readRows(ctx, input, now)).pages) rows.push(...page);
  return rows;
}

type RawDbRow = Record<string, unknown> & { meterId: string; at: number };

function rawRow({ meterId, at, ...row }: RawDbRow): ReadingRow {
  return { meterId, timestamp: iso(at), ...row };
}

type BucketDbRow = ReadingRow & { readings: number; expected: number };

/** Rows as they came from the database are the answer's own: another object for each takes longer than reading them. */
function withCoverage(rows: BucketDbRow[]): ReadingRow[] {
  for (const row of rows) {
    const { readings, expected } = row;
    row.coverage = expected ? Math.min(1, Number((readings / expected).toFixed(6))) : null;
  }
  return rows;
}

function iso(epochSeconds: number): string {
  return `${new Date(epochSeconds * 1000).toISOString().slice(0, 19)}Z`;
}

function columnsOf(granularity: Granularity, metrics: readonly MetricName[]): string[] {
  if (granularity === "raw") {
    const behind = ["quality", "revision", "taskId", "objectId", "ingestedAt"];
    return ["meterId", "timestamp", "durationSeconds", ...metrics, ...behind];
  }
  return ["meterId", "timestamp", "readings", "expected", "coverage", "estimated", "restated", ...metrics];
}

/** Pieces that end at civil midnights, so that no hour, day or month below the piece's length is cut in two. */
function* cut(from: Date, to: Date, length: string, timezone: string): Generator<{ from: Date; to: Date }> {
  for (let start = from; start < to; ) {
    const next = startOfDay(addDuration(start, length, timezone), timezone);
    const end = next < to ? next : to;
    yield { from: start, to: end };
    start = end;
  }
}
