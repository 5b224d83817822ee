import type { z } from "zod";
import type { Ctx } from "../../ctx";
import { whyNotAcknowledged } from "../review/why-not-acknowledged";
import { getRecordRow, type recordIdInput } from "./record";

/** Whether nothing is left to do about a restated record but to acknowledge it. */
export async function isAcknowledgeable(ctx: Ctx, input: z.input<typeof recordIdInput>): Promise<boolean> {
  const { record } = await getRecordRow(ctx, input);
  if (!record.restatedAt || record.restatementAcknowledgedAt) return false;
  return (await whyNotAcknowledged(ctx.db, record)) === null;
}
