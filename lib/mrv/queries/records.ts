import { and, count, desc, sql } from "drizzle-orm";
import { z } from "zod";
import { authorise } from "../../auth/actor";
import type { Ctx } from "../../ctx";
import { mrvRecords } from "../../db/schema";
import { parseInput } from "../../field-errors";
import { decodeCursor, type Page, page, pageQuery } from "../../http/cursor";
import type { RecordSummary } from "../schemas";
import type { RecordStatus } from "../statuses";
import { recordFilter, recordFilters, recordWhere } from "./record-where";
import { selectSummaries, summaryOf } from "./summary-rows";

export const listRecordsQuery = z.object({ ...pageQuery, ...recordFilters });

const cursorShape = z.tuple([z.string().regex(/^\d{4}-\d{2}-\d{2}T[\d:.]{15}Z$/), z.uuid()]);

/** Newest record first. */
export async function listRecords(ctx: Ctx, input: z.input<typeof listRecordsQuery>): Promise<Page<RecordSummary>> {
  authorise(ctx.actor, "fleet:read");
  const { cursor, limit, ...filter } = parseInput(listRecordsQuery, input);
  const after = cursor === undefined ? undefined : decodeCursor(cursor, cursorShape);
  const where = await recordWhere(ctx, filter);
  const rows = await selectSummaries(ctx.db)
    .where(
      and(
        where,
        after && sql`(${mrvRecords.createdAt}, ${mrvRecords.id}) < (${after[0]}::timestamptz, ${after[1]}::uuid)`,
      ),
    )
    .orderBy(desc(mrvRecords.createdAt), desc(mrvRecords.id))
    .limit(limit + 1);
  return page(rows, limit, ({ record, createdKey }) => [createdKey, record.id], summaryOf);
}

/** How many a filter names, by status. */
export async function countRecords(
  ctx: Ctx,
  input: z.input<typeof recordFilter>,
): Promise<Partial<Record<RecordStatus, number>>> {
  authorise(ctx.actor, "fleet:read");
  const where = await recordWhere(ctx, parseInput(recordFilter, input));
  const rows = await ctx.db
    .select({ status: mrvRecords.status, count: count() })
    .from(mrvRecords)
    .where(where)
    .groupBy(mrvRecords.status);
  return Object.fromEntries(rows.map((row) => [row.status, row.count]));
}
