import type { z } from "zod";
import type { Ctx } from "../../ctx";
import { readingsNow } from "../extraction/readings-now";
import { reviewStatuses } from "../statuses";
import { getRecordRow, type RecordRow, type recordIdInput } from "./record";

/** Whether a record waits for a decision although its readings are others by now: approving it would be refused. */
export async function isOutdatedRecord(ctx: Ctx, input: z.input<typeof recordIdInput>): Promise<boolean> {
  return isOutdated(ctx, (await getRecordRow(ctx, input)).record);
}

/** The same of a row that is at hand, and that the actor may see. */
export async function isOutdated(ctx: Ctx, record: RecordRow): Promise<boolean> {
  const isWaiting = (reviewStatuses as readonly string[]).includes(record.status) && record.replacedAt === null;
  return isWaiting && (await readingsNow(ctx.db, record)).sha256 !== record.evidence.readings.sha256;
}
