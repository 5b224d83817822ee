import { setTimeout as pause } from "node:timers/promises";
import { desc, eq } from "drizzle-orm";
import type { Db } from "../../db/client";
import { mrvSubmissions } from "../../db/schema";
import { withTx } from "../../db/tx";
import type { SendResult } from "../../guardian/client";
import type { Worker } from "../../pipeline/worker";
import { sha256Hex } from "../../secrets";
import { lockRecord, type RecordRow } from "../review/internal";
import { MOST_ANSWER_BYTES } from "./limits";
import type { ReadyAttempt } from "./prepare-submission";
import { LOST } from "./write-lost";
import { type Settled, writeOutcome } from "./write-outcome";

export type Result = Omit<SendResult, "request" | "startedAt">;

/** Before each further try to write an outcome: what is known is worth more than the seconds, and unwritten it is unknown. */
const PAUSES_MS = [500, 2_000, 8_000];

/** The second transaction of a submission, tried again while the database is away. Null where the record was decided about meanwhile. */
export async function recordResult(worker: Worker, attempt: ReadyAttempt, result: Result): Promise<Settled | null> {
  for (const pauseMs of PAUSES_MS) {
    try {
      return await withTx(worker.db, (tx) => writeResult(tx, worker, attempt, result));
    } catch (error) {
      const { recordId, submissionId } = attempt;
      worker.log.warn(
        { err: error, recordId, submissionId, outcome: result.kind },
        "A submission's end was not written.",
      );
      await pause(pauseMs);
    }
  }
  return withTx(worker.db, (tx) => writeResult(tx, worker, attempt, result));
}

async function writeResult(tx: Db, worker: Worker, attempt: ReadyAttempt, result: Result): Promise<Settled | null> {
  const now = worker.now();
  const record = await lockRecord(tx, attempt.recordId);
  const [row] = await tx
    .select()
    .from(mrvSubmissions)
    .where(eq(mrvSubmissions.recordId, record.id))
    .orderBy(desc(mrvSubmissions.attempt))
    .limit(1);
  if (!row || row.id !== attempt.submissionId || !isOpen(record, row)) {
    const { recordId, submissionId } = attempt;
    await writeRow(tx, submissionId, {
      ...columnsOf(result),
      state: "unknown",
      message: `Too late to count: ${result.message}`,
    });
    worker.log.warn(
      { recordId, submissionId, outcome: result.kind },
      "An answer came after somebody had decided without it.",
    );
    return null;
  }
  await writeRow(tx, row.id, { ...columnsOf(result), state: result.kind, finishedAt: now });
  const { kind, code, message, isRetryable, retryAfterSeconds } = result;
  const retryAt = retryAfterSeconds === undefined ? undefined : new Date(now.getTime() + retryAfterSeconds * 1000);
  const { id: submissionId, requestSha256, startedAt } = row;
  const sent = { submissionId, attempt: row.attempt, requestSha256 };
  return writeOutcome(tx, record, { kind, code, message, isRetryable, retryAt, startedAt, sent }, now);
}

async function writeRow(tx: Db, id: string, values: Partial<typeof mrvSubmissions.$inferInsert>): Promise<void> {
  await tx.update(mrvSubmissions).set(values).where(eq(mrvSubmissions.id, id));
}

/** Also of one that was taken for lost, as long as nobody decided: an answer that comes late is still the answer. */
function isOpen(record: RecordRow, row: typeof mrvSubmissions.$inferSelect): boolean {
  if (record.status === "submitting") return row.state === "sending";
  return record.status === "submission_unknown" && row.code === LOST;
}

function columnsOf({ kind, code, message, durationMs, answer }: Result) {
  const known = { durationMs, code: kind === "accepted" ? null : code, message };
  if (!answer) return known;
  const bytes = answer.bytes.subarray(0, MOST_ANSWER_BYTES);
  return {
    ...known,
    answerStatus: answer.status,
    answerHeaders: answer.headers,
    answer: bytes,
    answerSha256: sha256Hex(bytes),
    isAnswerWhole: answer.isWhole && bytes.byteLength === answer.bytes.byteLength,
  };
}
