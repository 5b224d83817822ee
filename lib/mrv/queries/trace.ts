import { and, asc, desc, eq, gt, gte, inArray, lt, type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import { authorise } from "../../auth/actor";
import type { Ctx } from "../../ctx";
import { archiveObjects, meterData, mrvRecords } from "../../db/schema";
import { parseInput } from "../../field-errors";
import { decodeCursor, type Page, page, pageQuery } from "../../http/cursor";
import { instant } from "../../http/fields";
import { metricOf, type Quality } from "../../metrics/registry";
import type { EvidenceObject } from "../evidence/manifest";
import type { RecordSummary } from "../schemas";
import { getRecordRow, recordIdInput } from "./record";
import { inMeterScope } from "./record-where";
import { selectSummaries, summaryOf } from "./summary-rows";

export const readingsOfRecordQuery = recordIdInput.extend(pageQuery);

/** A reading of a record's period, as it stands now. */
export interface TracedReading {
  /** START. */
  timestamp: Date;
  durationSeconds: number;
  /** Of the record's metric, decimal text. */
  value: string | null;
  carbonTons: string | null;
  quality: Quality;
  revision: number;
  taskId: string;
  objectId: string;
  /** It was written after the record was extracted: the record used another, or none. */
  isNewer: boolean;
}

/** Record → readings: those of its period in order, each with the transformed object that it was read from. */
export async function readingsOfRecord(
  ctx: Ctx,
  input: z.input<typeof readingsOfRecordQuery>,
): Promise<Page<TracedReading>> {
  const { recordId, cursor, limit } = parseInput(readingsOfRecordQuery, input);
  const { record } = await getRecordRow(ctx, { recordId });
  const after = cursor === undefined ? undefined : decodeCursor(cursor, z.tuple([z.iso.datetime()]));
  const rows = await ctx.db
    .select({
      timestamp: meterData.timestamp,
      durationSeconds: meterData.durationSeconds,
      value: sql<string | null>`${sql.identifier(metricOf(record.metric).column)}::text`,
      carbonTons: meterData.carbonTons,
      quality: meterData.quality,
      revision: meterData.revision,
      taskId: meterData.taskId,
      objectId: meterData.objectId,
      isNewer: sql<boolean>`${meterData.ingestedAt} > ${record.createdAt.toISOString()}::timestamptz`,
    })
    .from(meterData)
    .where(
      and(
        eq(meterData.meterId, record.meterId),
        gte(meterData.timestamp, record.periodStart),
        lt(meterData.timestamp, record.periodEnd),
        after && gt(meterData.timestamp, new Date(after[0])),
      ),
    )
    .orderBy(asc(meterData.timestamp))
    .limit(limit + 1);
  return page(
    rows,
    limit,
    ({ timestamp }) => [timestamp.toISOString()],
    (row) => row,
  );
}

/** An object as the record's evidence names it, with what a screen needs besides. */
export interface TracedObject extends EvidenceObject {
  /** Null: the archive has no row of it any more. */
  fetchedAt: Date | null;
}

/** Record → objects: the transformed ones that its readings were read from, each with the raw ones it was made from. */
export async function objectsOfRecord(
  ctx: Ctx,
  input: z.input<typeof recordIdInput>,
): Promise<{ transformed: TracedObject[]; raw: TracedObject[] }> {
  const { record } = await getRecordRow(ctx, input);
  const named = record.evidence.objects;
  const rows =
    named.length === 0
      ? []
      : await ctx.db
          .select({ id: archiveObjects.id, fetchedAt: archiveObjects.fetchedAt })
          .from(archiveObjects)
          .where(
            inArray(
              archiveObjects.id,
              named.map(({ id }) => id),
            ),
          );
  const fetched = new Map(rows.map(({ id, fetchedAt }) => [id, fetchedAt]));
  const of = (kind: EvidenceObject["kind"]) =>
    named
      .filter((object) => object.kind === kind)
      .map((object): TracedObject => ({ ...object, fetchedAt: fetched.get(object.id) ?? null }));
  return { transformed: of("transformed"), raw: of("raw") };
}

export const recordsOfRangeInput = z.strictObject({ meterId: z.uuid(), from: instant, to: instant });
const MOST_RECORDS = 50;
const LONGEST_PERIOD_MS = 32 * 86_400_000;

/** Reading → records: those of the meter whose period has a moment of the range in it, newest first, whatever became of them. */
export async function recordsOfRange(ctx: Ctx, input: z.input<typeof recordsOfRangeInput>): Promise<RecordSummary[]> {
  const { meterId, from, to } = parseInput(recordsOfRangeInput, input);
  authorise(ctx.actor, "fleet:read", meterId);
  const rows = await newestFirst(
    ctx,
    and(
      eq(mrvRecords.meterId, meterId),
      lt(mrvRecords.periodStart, to),
      gt(mrvRecords.periodEnd, from),
      // A period is at most a month: those of years before are not looked at.
      gt(mrvRecords.periodStart, new Date(from.getTime() - LONGEST_PERIOD_MS)),
    ),
  );
  return rows.map(summaryOf);
}

export const recordsOfObjectsInput = z.strictObject({ objectIds: z.array(z.uuid()).max(1_000) });

/**
 * Object → records: those whose evidence names it, by the object's id, newest first. Only records of the object's meter are opened, and of
 * those only what its range touches: evidence is long, and no index is over it.
 */
// `materialized`: with the limit beside it the planner opens the evidence of all records, newest first, until it has fifty: 5.7 s among 50,000,
// and 10 ms so.
export async function recordsOfObjects(
  ctx: Ctx,
  input: z.input<typeof recordsOfObjectsInput>,
): Promise<Map<string, RecordSummary[]>> {
  authorise(ctx.actor, "fleet:read");
  const { objectIds } = parseInput(recordsOfObjectsInput, input);
  if (objectIds.length === 0) return new Map();
  const ids = sql`${`{${objectIds.join(",")}}`}::uuid[]`;
  const naming = await ctx.db.execute<{ id: string; named: string[] }>(sql`
    with touched as materialized (
      select distinct c.id from archive_objects a cross join lateral (
        select r.id from mrv_records r where r.meter_id = a.meter_id and r.period_start < coalesce(a.covers_to, 'infinity')
          and r.period_end > coalesce(a.covers_from, '-infinity')
          and r.period_start > coalesce(a.covers_from, '-infinity') - interval '32 days' offset 0
      ) c where a.id = any(${ids})
    ), naming as materialized (
      select t.id, (select array_agg(o->>'id') from json_array_elements(r.evidence->'objects') o where (o->>'id')::uuid = any(${ids})) as named
      from touched t join mrv_records r on r.id = t.id
    )
    select n.id, n.named from naming n join ${mrvRecords} on ${mrvRecords.id} = n.id
    where n.named is not null and ${inMeterScope(ctx.actor) ?? sql`true`}
    order by ${mrvRecords.createdAt} desc, ${mrvRecords.id} desc limit ${MOST_RECORDS}`);
  if (naming.length === 0) return new Map();
  const named = new Map(naming.map((row) => [row.id, row.named]));
  const rows = await selectSummaries(ctx.db)
    .where(inArray(mrvRecords.id, [...named.keys()]))
    .orderBy(desc(mrvRecords.createdAt), desc(mrvRecords.id));
  const found = new Map<string, RecordSummary[]>();
  for (const row of rows) {
    for (const id of named.get(row.record.id) ?? []) found.set(id, [...(found.get(id) ?? []), summaryOf(row)]);
  }
  return found;
}

function newestFirst(ctx: Ctx, which: SQL | undefined) {
  return selectSummaries(ctx.db)
    .where(which)
    .orderBy(desc(mrvRecords.periodStart), desc(mrvRecords.createdAt))
    .limit(MOST_RECORDS);
}
