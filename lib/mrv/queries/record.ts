import { and, asc, desc, eq, isNull, lte, ne, sql } from "drizzle-orm";
import { z } from "zod";
import { authorise } from "../../auth/actor";
import type { Ctx } from "../../ctx";
import { devices, meterJobs, meters, mrvRecords, mrvSubmissions } from "../../db/schema";
import { NotFound } from "../../errors";
import { parseInput } from "../../field-errors";
import type { RecordDto, RecordSummary } from "../schemas";
import { selectSummaries, summaryOf } from "./summary-rows";
import { toRecordDto } from "./to-dto";

export const recordIdInput = z.strictObject({ recordId: z.uuid() });

export type RecordRow = typeof mrvRecords.$inferSelect;

/** The row, for queries about one record. Throws NotFound; Forbidden for a token that is limited to other meters. */
export async function getRecordRow(
  ctx: Ctx,
  input: z.input<typeof recordIdInput>,
): Promise<{ record: RecordRow; meterName: string; deviceName: string; jobName: string }> {
  const { recordId } = parseInput(recordIdInput, input);
  authorise(ctx.actor, "fleet:read");
  const [row] = await ctx.db
    .select({ record: mrvRecords, meterName: meters.name, deviceName: devices.name, jobName: meterJobs.name })
    .from(mrvRecords)
    .innerJoin(meters, eq(meters.id, mrvRecords.meterId))
    .innerJoin(devices, eq(devices.id, mrvRecords.deviceId))
    .innerJoin(meterJobs, eq(meterJobs.id, mrvRecords.jobId))
    .where(eq(mrvRecords.id, recordId));
  if (!row) throw new NotFound("There is no such record.");
  authorise(ctx.actor, "fleet:read", row.record.meterId);
  return row;
}

/** All of one record, with every time it left. Throws NotFound; Forbidden for a token that is limited to other meters. */
export async function getRecord(ctx: Ctx, input: z.input<typeof recordIdInput>): Promise<RecordDto> {
  return wholeOf(ctx, await getRecordRow(ctx, input));
}

/** The same of a row that is at hand. */
export async function wholeOf(
  ctx: Ctx,
  { record, ...names }: Awaited<ReturnType<typeof getRecordRow>>,
): Promise<RecordDto> {
  const [submissions, related] = await Promise.all([
    ctx.db
      .select()
      .from(mrvSubmissions)
      .where(eq(mrvSubmissions.recordId, record.id))
      .orderBy(asc(mrvSubmissions.attempt)),
    ctx.db
      .select({ id: mrvRecords.id, replacesId: mrvRecords.replacesId })
      .from(mrvRecords)
      // What replaces or corrects a record is of its meter.
      .where(
        and(
          eq(mrvRecords.meterId, record.meterId),
          sql`(${mrvRecords.replacesId} = ${record.id} or ${mrvRecords.correctsId} = ${record.id})`,
        ),
      )
      .orderBy(asc(mrvRecords.id)),
  ]);
  return toRecordDto(record, names, {
    submissions,
    replacedById: related.find(({ replacesId }) => replacesId === record.id)?.id ?? null,
    correctedByIds: related.filter(({ replacesId }) => replacesId !== record.id).map(({ id }) => id),
  });
}

const MOST_EARLIER = 7;

/** Records of the meter and metric before this one's period that count, newest first: what it is compared with. */
export async function earlierRecords(ctx: Ctx, record: RecordRow): Promise<RecordSummary[]> {
  authorise(ctx.actor, "fleet:read", record.meterId);
  const rows = await selectSummaries(ctx.db)
    .where(
      and(
        eq(mrvRecords.meterId, record.meterId),
        eq(mrvRecords.metric, record.metric),
        lte(mrvRecords.periodEnd, record.periodStart),
        ne(mrvRecords.status, "rejected"),
        isNull(mrvRecords.replacedAt),
      ),
    )
    .orderBy(desc(mrvRecords.periodStart), desc(mrvRecords.correction))
    .limit(MOST_EARLIER);
  return rows.map(summaryOf);
}
