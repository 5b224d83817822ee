import { eq } from "drizzle-orm";
import type { Db } from "../../db/client";
import { mrvSubmissions } from "../../db/schema";
import type { RecordRow } from "../review/internal";
import { type Settled, writeOutcome } from "./write-outcome";

/** Code of an attempt whose process died: between its commit and its end nobody knows what left. */
export const LOST = "PROCESS_LOST";

type SubmissionRow = typeof mrvSubmissions.$inferSelect;

/** Of a locked record: its attempt is past its deadline without an end. */
export async function writeLost(tx: Db, record: RecordRow, row: SubmissionRow, now: Date): Promise<Settled> {
  const message = "The process that sent it stopped before it had an answer. The record may have arrived.";
  await tx
    .update(mrvSubmissions)
    .set({ state: "unknown", finishedAt: now, code: LOST, message })
    .where(eq(mrvSubmissions.id, row.id));
  const { id: submissionId, attempt, requestSha256, startedAt } = row;
  const sent = { submissionId, attempt, requestSha256 };
  return writeOutcome(tx, record, { kind: "unknown", code: LOST, message, isRetryable: false, startedAt, sent }, now);
}
