import { sql } from "drizzle-orm";
import type { RejectKind } from "../connectors/contract";
import type { Db } from "../db/client";
import type { ExecutionErr, Stage, StageTiming, TaskState } from "../db/schema/tasks";
import { describeError, judge } from "./retry-policy";

/** Errors and timings kept on a task: the newest. */
export const KEPT_ATTEMPTS = 50;

export interface FailedAttempt {
  taskId: string;
  /** The batch this attempt belongs to: a task that was cancelled, retried or taken back since is not touched. */
  batchId: string;
  stage: Stage;
  startedAt: Date;
  /** A SourceError says by itself what follows; anything else counts as retryable. */
  error: unknown;
  /**
   * It is a look at something that is not there yet: where the one before it said the same code it takes that one's place, so that an
   * hour of looks is one entry and not sixty.
   */
  isLook?: boolean;
}

export interface RecordedFailure {
  taskId: string;
  state: "failed" | "waiting";
  /** When it comes back; null when it does not. */
  waitUntil: Date | null;
}

/**
 * Writes failed attempts to their tasks and decides what follows: `waiting` until a later attempt, or `failed`. Call it in the
 * transaction of the stage's other writes. Returns the tasks that were written: one that is no longer in this batch at
 * this stage (cancelled, taken back) is left alone and missing from the answer.
 */
export async function recordFailures(
  tx: Db,
  failures: readonly FailedAttempt[],
  now: Date,
  random: () => number = Math.random,
): Promise<RecordedFailure[]> {
  if (failures.length === 0) return [];
  const byTask = new Map(failures.map((failure) => [failure.taskId, failure]));
  const rows = await tx.execute<{
    id: string;
    batch_id: string | null;
    stage: Stage;
    retry_count: number;
    execution_errs: ExecutionErr[];
    max_retries: number;
  }>(sql`
    select t.id, t.batch_id, t.stage, t.retry_count, t.execution_errs, j.max_retries
    from meter_tasks t join meter_jobs j on j.id = t.job_id
    where t.id = any(${uuids([...byTask.keys()])}) and t.state in ('queued', 'running')
    order by t.id
    for update of t`);

  const recorded: RecordedFailure[] = [];
  const updates: Record<string, unknown>[] = [];
  for (const row of rows) {
    const failure = byTask.get(row.id);
    if (!failure || row.batch_id !== failure.batchId || row.stage !== failure.stage) continue;
    const described = describeError(failure.error, failure.stage);
    const history = { retryCount: row.retry_count, maxRetries: row.max_retries, errs: row.execution_errs };
    const verdict = judge(described, history, now, random);
    const waitUntil = verdict.state === "waiting" ? verdict.waitUntil : null;
    const err: ExecutionErr = {
      stage: failure.stage,
      attempt: nextAttempt(row.execution_errs, failure.stage),
      startedAt: failure.startedAt.toISOString(),
      at: now.toISOString(),
      code: described.code,
      message: described.message,
      isRetryable: described.isRetryable,
      ...(verdict.state === "waiting" && {
        waitReason: verdict.waitReason,
        waitUntil: verdict.waitUntil.toISOString(),
      }),
      ...(described.answer && { answer: described.answer }),
    };
    recorded.push({ taskId: row.id, state: verdict.state, waitUntil });
    const last = row.execution_errs.at(-1);
    const isRepeated = failure.isLook === true && last?.code === err.code && last.stage === err.stage;
    if (isRepeated) Object.assign(err, { attempt: last.attempt, startedAt: last.startedAt });
    updates.push({
      id: row.id,
      state: verdict.state,
      wait_reason: verdict.state === "waiting" ? verdict.waitReason : null,
      wait_until: waitUntil?.toISOString() ?? null,
      retry_count: verdict.retryCount,
      execution_errs: [...(isRepeated ? row.execution_errs.slice(0, -1) : row.execution_errs), err].slice(
        -KEPT_ATTEMPTS,
      ),
      timing: isRepeated ? null : timing(failure.stage, failure.startedAt, now, "failed"),
    });
  }
  if (updates.length > 0) await writeFailures(tx, updates, now);
  return recorded;
}

async function writeFailures(tx: Db, updates: readonly Record<string, unknown>[], now: Date): Promise<void> {
  await tx.execute(sql`
    update meter_tasks t set
      state = u.state, wait_reason = u.wait_reason, wait_until = u.wait_until, retry_count = u.retry_count,
      execution_errs = u.execution_errs,
      timings = case when jsonb_typeof(u.timing) = 'object' then ${appended(sql`u.timing`)} else t.timings end,
      finished_at = case when u.state = 'failed' then ${at(now)} end, updated_at = ${at(now)}
    from jsonb_to_recordset(${JSON.stringify(updates)}::text::jsonb) as u(
      id uuid, state text, wait_reason text, wait_until timestamptz, retry_count int, execution_errs jsonb, timing jsonb)
    where t.id = u.id`);
}

export interface SucceededAttempt {
  taskId: string;
  batchId: string;
  stage: Stage;
  startedAt: Date;
  endedAt: Date;
  /** The stage it goes on with, or `done`: the task has succeeded. */
  next: Stage | "done";
  /** It goes on when a person has decided. */
  waitsForReview?: boolean;
  /** What the stage found out about the task; what is left out stays as it is. */
  results?: StageResults;
}

/** A reject as its task keeps it. */
export interface StoredReject {
  row: string;
  reason: string;
  kind?: RejectKind;
  startEpochSeconds?: number;
  durationSeconds?: number;
}

export interface StageResults {
  rawObjectIds?: readonly string[];
  transformedObjectId?: string;
  rowsRead?: number;
  rowsWritten?: number;
  rowsChanged?: number;
  rowsRejected?: number;
  rejects?: readonly StoredReject[];
  readingsPresent?: number;
  readingsExpected?: number;
}

/**
 * Writes the timings and results of attempts that succeeded and moves their tasks on. Returns the ids that were moved: a
 * task that is no longer in this batch at this stage is left alone, and the caller drops what it did for it (call it in
 * the same transaction, or lock the tasks first).
 */
export async function recordSuccess(tx: Db, successes: readonly SucceededAttempt[]): Promise<string[]> {
  const moved: string[] = [];
  // What a stage hands over is one batch at one stage: said once instead of on each of two thousand rows.
  const groups = new Map<string, SucceededAttempt[]>();
  for (const success of successes) {
    const { batchId, stage, next, waitsForReview, startedAt, endedAt } = success;
    const key = `${batchId} ${stage} ${next} ${waitsForReview} ${startedAt.getTime()} ${endedAt.getTime()}`;
    const group = groups.get(key);
    if (group) group.push(success);
    else groups.set(key, [success]);
  }
  for (const group of groups.values()) moved.push(...(await writeSuccesses(tx, group)));
  return moved;
}

// One update per task and stage, results and move together: each version of a task row touches seven indexes, and writing
// the results by themselves took half of PostgreSQL's time for tasks of one row.
async function writeSuccesses(tx: Db, group: readonly SucceededAttempt[]): Promise<string[]> {
  const [first] = group;
  if (!first) return [];
  const { batchId, stage, startedAt, endedAt, next, waitsForReview } = first;
  const state: TaskState = next === "done" ? "succeeded" : waitsForReview ? "waiting" : "running";
  const entry = JSON.stringify(timing(stage, startedAt, endedAt, "succeeded"));
  const updates = group.map(({ taskId, results = {} }) => ({
    id: taskId,
    raw: results.rawObjectIds && `{${results.rawObjectIds.join(",")}}`,
    transformed: results.transformedObjectId,
    read: results.rowsRead,
    written: results.rowsWritten,
    changed: results.rowsChanged,
    rejected: results.rowsRejected,
    rejects: results.rejects,
    present: results.readingsPresent,
    expected: results.readingsExpected,
  }));
  const rows = await tx.execute<{ id: string }>(sql`
    with u as (
      select u.* from jsonb_to_recordset(${JSON.stringify(updates)}::text::jsonb) as u(id uuid, raw text, transformed uuid,
        read int, written int, changed int, rejected int, rejects jsonb, present int, expected int)
    ), locked as (
      select t.id from meter_tasks t join u on u.id = t.id
      where t.batch_id = ${batchId} and t.stage = ${stage} and t.state in ('queued', 'running')
      order by t.id for update of t
    )
    update meter_tasks t set
      stage = ${next === "done" ? stage : next}, state = ${state}, timings = ${appended(sql`${entry}::text::jsonb`)},
      wait_reason = ${waitsForReview ? "review" : null}, wait_until = null, is_forced = ${state !== "succeeded"} and t.is_forced,
      finished_at = ${state === "succeeded" ? at(endedAt) : sql`null::timestamptz`}, updated_at = ${at(endedAt)},
      raw_object_ids = coalesce(u.raw::uuid[], t.raw_object_ids),
      transformed_object_id = coalesce(u.transformed, t.transformed_object_id),
      rows_read = coalesce(u.read, t.rows_read), rows_written = coalesce(u.written, t.rows_written),
      rows_changed = coalesce(u.changed, t.rows_changed), rows_rejected = coalesce(u.rejected, t.rows_rejected),
      rejects = coalesce(u.rejects, t.rejects), readings_present = coalesce(u.present, t.readings_present),
      readings_expected = coalesce(u.expected, t.readings_expected)
    from u join locked on locked.id = u.id
    where t.id = u.id
    returning t.id`);
  return rows.map((row) => row.id);
}

export function timing(stage: Stage, startedAt: Date, endedAt: Date, outcome: StageTiming["outcome"]): StageTiming {
  return { stage, startedAt: startedAt.toISOString(), endedAt: endedAt.toISOString(), outcome };
}

/** `timings` with one more entry, without the oldest beyond the bound. */
function appended(entry: ReturnType<typeof sql>) {
  return sql`(case when jsonb_array_length(t.timings) >= ${KEPT_ATTEMPTS} then t.timings - 0 else t.timings end) || jsonb_build_array(${entry})`;
}

/** The history is cut to its newest, so the number is carried on, not counted. */
export function nextAttempt(errs: readonly ExecutionErr[], stage: Stage): number {
  return 1 + errs.reduce((highest, err) => (err.stage === stage ? Math.max(highest, err.attempt) : highest), 0);
}

function at(instant: Date) {
  return sql`${instant.toISOString()}::timestamptz`;
}

function uuids(ids: readonly string[]) {
  return sql`${`{${ids.join(",")}}`}::uuid[]`;
}
