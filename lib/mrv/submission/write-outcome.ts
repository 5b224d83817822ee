import { eq, sql } from "drizzle-orm";
import type { Db } from "../../db/client";
import { meterJobs, meterTasks, mrvSubmissions } from "../../db/schema";
import type { ExecutionErr } from "../../db/schema/tasks";
import { KEPT_ATTEMPTS, nextAttempt, timing } from "../../tasks/record-attempt";
import { judge } from "../../tasks/retry-policy";
import { auditRecord, type RecordRow, writeRecord } from "../review/internal";
import { LONGEST_TRYING_MS } from "./limits";

/** What became of a record that was to be sent, whether or not anything left. */
export interface Outcome {
  kind: "accepted" | "refused" | "unknown";
  code: string;
  message: string;
  isRetryable: boolean;
  /** Not before this. */
  retryAt?: Date | undefined;
  /** When the attempt began. */
  startedAt: Date;
  /** For the log: what left, and which attempt it was. */
  sent?: { submissionId: string; attempt: number; requestSha256: string };
}

export type Settled = { status: "submitted" | "submission_failed" | "submission_unknown" } | { retryAt: Date };

export const SYSTEM = { kind: "system", name: "submit-mrv-records" } as const;

type TaskRow = typeof meterTasks.$inferSelect;

/**
 * Writes to a locked record and its task what follows from an outcome: `submitted`; another attempt after a refusal that may heal, as often as the job
 * retries and for a day; `submission_failed`; or `submission_unknown`, which a person decides. Last in its transaction.
 */
export async function writeOutcome(tx: Db, record: RecordRow, outcome: Outcome, now: Date): Promise<Settled> {
  const { task, maxRetries } = await lockTask(tx, record.taskId);
  const settled = await follow(tx, record, outcome, { task, maxRetries }, now);
  const values =
    "retryAt" in settled
      ? ({ submitAt: settled.retryAt } as const)
      : { status: settled.status, submitAt: null, ...(settled.status === "submitted" && { submittedAt: now }) };
  await writeRecord(tx, record.id, values);
  await writeTask(tx, task, outcome, settled, now);
  if ("status" in settled) {
    const { kind, code, message, sent } = outcome;
    const { credentialId, payloadHash } = record;
    const details = { credentialId, payloadHash, ...sent, ...(kind !== "accepted" && { code, message }) };
    await auditRecord(tx, SYSTEM, `record.${actions[settled.status]}`, record, details);
  }
  return settled;
}

const actions = {
  submitted: "submitted",
  submission_failed: "submission-failed",
  submission_unknown: "submission-unknown",
} as const;

async function follow(
  tx: Db,
  record: RecordRow,
  outcome: Outcome,
  { task, maxRetries }: { task: TaskRow; maxRetries: number },
  now: Date,
): Promise<Settled> {
  if (outcome.kind === "accepted") return { status: "submitted" };
  if (outcome.kind === "unknown") return { status: "submission_unknown" };
  const { code, message, isRetryable, retryAt } = outcome;
  const failure = { code, message, isRetryable, waitReason: "retry" as const, ...(retryAt && { retryAt }) };
  const history = { retryCount: task.retryCount, maxRetries, errs: task.executionErrs };
  const verdict = judge(failure, history, now, Math.random);
  if (verdict.state === "failed") return { status: "submission_failed" };
  const firstAt = await firstAttemptAt(tx, record.id, task.retryCount + 1);
  const giveUpAt = (firstAt ?? outcome.startedAt).getTime() + LONGEST_TRYING_MS;
  if (verdict.waitUntil.getTime() > giveUpAt) return { status: "submission_failed" };
  return { retryAt: verdict.waitUntil };
}

/** Of the newest attempts: those since a person last asked for one. */
async function firstAttemptAt(tx: Db, recordId: string, attempts: number): Promise<Date | null> {
  const [row] = await tx.execute<{ first_at: string | null }>(sql`
    select min(started_at) as first_at from (
      select ${mrvSubmissions.startedAt} from ${mrvSubmissions} where ${mrvSubmissions.recordId} = ${recordId}
      order by ${mrvSubmissions.attempt} desc limit ${attempts}) newest`);
  return row?.first_at ? new Date(row.first_at) : null;
}

async function lockTask(tx: Db, taskId: string): Promise<{ task: TaskRow; maxRetries: number }> {
  const [row] = await tx
    .select({ task: meterTasks, maxRetries: meterJobs.maxRetries })
    .from(meterTasks)
    .innerJoin(meterJobs, eq(meterJobs.id, meterTasks.jobId))
    .where(eq(meterTasks.id, taskId))
    .for("update", { of: meterTasks });
  if (!row) throw new Error("A record without its task.");
  return row;
}

/** Attempts are kept on the task as on every other. One that somebody cancelled or set going again keeps its state. */
async function writeTask(tx: Db, task: TaskRow, outcome: Outcome, settled: Settled, now: Date): Promise<void> {
  const isSubmitted = outcome.kind === "accepted";
  const retryAt = "retryAt" in settled ? settled.retryAt : null;
  const entry = timing("submission", outcome.startedAt, now, isSubmitted ? "succeeded" : "failed");
  const err: ExecutionErr = {
    stage: "submission",
    attempt: nextAttempt(task.executionErrs, "submission"),
    startedAt: outcome.startedAt.toISOString(),
    at: now.toISOString(),
    code: outcome.kind === "unknown" ? "SUBMISSION_UNKNOWN" : outcome.code,
    message: outcome.message,
    isRetryable: outcome.isRetryable,
    ...(outcome.kind === "unknown" && { waitReason: "review" as const }),
    ...(retryAt && { waitReason: "retry" as const, waitUntil: retryAt.toISOString() }),
  };
  await tx
    .update(meterTasks)
    .set({
      ...(task.state === "waiting" && { stage: "submission", ...stateAfter(settled, now) }),
      retryCount: task.retryCount + (retryAt ? 1 : 0),
      timings: [...task.timings, entry].slice(-KEPT_ATTEMPTS),
      ...(!isSubmitted && { executionErrs: [...task.executionErrs, err].slice(-KEPT_ATTEMPTS) }),
      updatedAt: now,
    })
    .where(eq(meterTasks.id, task.id));
}

function stateAfter(settled: Settled, now: Date): Partial<typeof meterTasks.$inferInsert> {
  if ("retryAt" in settled) return { state: "waiting", waitReason: "retry", waitUntil: settled.retryAt };
  if (settled.status === "submission_unknown") return { state: "waiting", waitReason: "review", waitUntil: null };
  const state = settled.status === "submitted" ? "succeeded" : "failed";
  return { state, waitReason: null, waitUntil: null, finishedAt: now };
}
