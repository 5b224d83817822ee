import { sql } from "drizzle-orm";
import type { Db } from "../../db/client";
import { checkNoted } from "../../findings/check-readings";
import type { CheckResult } from "../../mrv/check-result";
import { lockTasks, type MrvTask, takeMrvTasks } from "../../mrv/extraction/mrv-tasks";
import { approveBySystem } from "../../mrv/review/approve-by-system";
import { checkInputs } from "../../mrv/verification/check-inputs";
import { type RecordToCheck, recordsToCheck } from "../../mrv/verification/record-to-check";
import { recordFailures, recordSuccess } from "../../tasks/record-attempt";
import { arrayLiteral } from "../etl/array-literal";
import type { StageCounts } from "../etl/stage-tasks";
import type { Batch, Worker } from "../worker";
import { runRecordChecks } from "./checks/registry";
import { restated } from "./checks/restated";
import { inParts } from "./in-parts";

/**
 * Holds each extracted record against every check, keeps what all of them said, and leaves it to a person; where the job approves by itself and
 * everything passed, to the outbox. A part of the batch is one transaction.
 */
export async function verify(worker: Worker, batch: Batch): Promise<StageCounts> {
  return inParts(worker, batch, () => takeMrvTasks(worker.db, batch, "verification"), verifyPart, lookAtReadings);
}

/** Findings of readings are made when nothing has changed a meter for a while: records do not wait for that. */
async function lookAtReadings(worker: Worker, part: readonly MrvTask[]): Promise<Map<string, unknown>> {
  return checkNoted(worker.db, part, worker.now);
}

interface Checked {
  record: RecordToCheck;
  checks: CheckResult[];
  hasFailed: boolean;
  isRestated: boolean;
}

async function verifyPart(
  tx: Db,
  worker: Worker,
  batch: Batch,
  part: readonly MrvTask[],
  unchecked: ReadonlyMap<string, unknown>,
): Promise<StageCounts> {
  const startedAt = worker.now();
  const records = await recordsToCheck(tx, part);
  const tasks = await lockTasks(tx, batch, "verification", part);
  const failures = tasks.flatMap((task) => {
    const error = unchecked.get(task.meterId);
    return error === undefined ? [] : [{ taskId: task.id, error }];
  });
  const failed = new Set(failures.map(({ taskId }) => taskId));
  const standing = tasks.filter(({ id }) => !failed.has(id));
  const own = standing.flatMap(({ id }) => records.get(id) ?? []);
  const inputs = await checkInputs(tx, own);
  const checked = own.flatMap((record): Checked[] => {
    const input = inputs.get(record.id);
    if (!input) return [];
    const checks = runRecordChecks(input);
    const failing = checks.filter(({ result }) => result === "failed");
    return [
      {
        record,
        checks,
        hasFailed: failing.length > 0,
        isRestated: failing.some(({ check }) => check === restated.name),
      },
    ];
  });
  await writeChecks(tx, checked, worker.now());
  await moveOn(tx, worker, batch, { startedAt, checked, failures });
  // Their record was replaced or decided on: extraction finds out what is to be done.
  const lost = standing.filter(({ id }) => !records.has(id)).map(({ id }) => id);
  await extractAgain(
    tx,
    [...lost, ...checked.filter((each) => each.isRestated).map(({ record }) => record.taskId)],
    worker.now(),
  );
  for (const { record, hasFailed } of checked) {
    if (!hasFailed && record.settings.MRV_APPROVAL === "auto") await approveBySystem(tx, record.id, worker.now());
  }
  return {
    tasks: tasks.length,
    succeeded: checked.length,
    failed: failures.length,
    rows: checked.reduce((sum, { record }) => sum + record.evidence.readings.count, 0),
  };
}

async function writeChecks(tx: Db, checked: readonly Checked[], now: Date): Promise<void> {
  if (checked.length === 0) return;
  const rows = checked.map(({ record, checks, hasFailed }) => ({
    id: record.id,
    status: hasFailed ? "verification_failed" : "verified",
    checks,
    passed: checks.filter(({ result }) => result === "passed").length,
    failed: checks.filter(({ result }) => result === "failed").length,
  }));
  const at = sql`${now.toISOString()}::timestamptz`;
  await tx.execute(sql`
    update mrv_records r set status = u.status, checks = u.checks, checks_passed = u.passed, checks_failed = u.failed,
      verified_at = ${at}, updated_at = ${at}
    from jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb) as u(id uuid, status text, checks jsonb, passed int, failed int)
    where r.id = u.id and r.status = 'extracted' and r.replaced_at is null`);
}

/** To a person: at submission where nothing stands against it, at verification where a check failed. */
async function moveOn(
  tx: Db,
  worker: Worker,
  { batchId }: Batch,
  result: {
    startedAt: Date;
    checked: readonly Checked[];
    failures: readonly { taskId: string; error: unknown }[];
  },
): Promise<void> {
  const { startedAt, checked, failures } = result;
  const endedAt = worker.now();
  const attempt = { batchId, stage: "verification" as const, startedAt };
  await recordFailures(
    tx,
    failures.map((failure) => ({ ...attempt, ...failure })),
    endedAt,
  );
  await recordSuccess(
    tx,
    checked.map(({ record, hasFailed }) => ({
      ...attempt,
      taskId: record.taskId,
      endedAt,
      next: hasFailed ? ("verification" as const) : ("submission" as const),
      waitsForReview: true,
    })),
  );
}

async function extractAgain(tx: Db, taskIds: readonly string[], now: Date): Promise<void> {
  if (taskIds.length === 0) return;
  await tx.execute(sql`
    update meter_tasks set stage = 'extraction', state = 'pending', wait_reason = null, wait_until = null, batch_id = null,
      updated_at = ${now.toISOString()}::timestamptz
    where id = any(${arrayLiteral(taskIds)}::uuid[])`);
}
