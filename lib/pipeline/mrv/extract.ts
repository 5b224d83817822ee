import { sql } from "drizzle-orm";
import { canonicalJson } from "../../audit/chain";
import type { SourceError } from "../../connectors/source-error";
import type { Db } from "../../db/client";
import type { EvidenceManifest } from "../../mrv/evidence/manifest";
import { evidenceSources } from "../../mrv/extraction/evidence-sources";
import { makeRecord, type NewRecord, type ReadyTask, readyTask } from "../../mrv/extraction/make-record";
import { belongingsOf, lockTasks, type MrvTask, takeMrvTasks } from "../../mrv/extraction/mrv-tasks";
import { periodHolders } from "../../mrv/extraction/period-holders";
import { readingsOfPeriods } from "../../mrv/extraction/period-readings";
import { type Place, placeOf, type StandingRecord, standingRecords } from "../../mrv/extraction/place-of-record";
import { storeRecords } from "../../mrv/extraction/store-records";
import { waitsForCollection } from "../../mrv/extraction/wait-for-collection";
import { recordFailures, recordSuccess } from "../../tasks/record-attempt";
import { holdMeters } from "../etl/lock-meters";
import { asTaskError } from "../etl/run-stage";
import type { StageCounts } from "../etl/stage-tasks";
import type { Batch, Worker } from "../worker";
import { inParts } from "./in-parts";

/**
 * Makes the record of each task's period from `meter_data`, with the evidence of its figures, once the collection of the period is
 * finished. A part of the batch is one transaction: records, what they replace and the tasks' own rows are there or nothing is, and
 * doing it again finds the task's own record.
 */
export async function extract(worker: Worker, batch: Batch): Promise<StageCounts> {
  return inParts(
    worker,
    batch,
    () => takeMrvTasks(worker.db, batch, "extraction"),
    extractPart,
    async () => null,
  );
}

interface Placed extends ReadyTask {
  place: Place;
  live: StandingRecord | null;
}

async function extractPart(tx: Db, worker: Worker, batch: Batch, part: readonly MrvTask[]): Promise<StageCounts> {
  const startedAt = worker.now();
  // Ingestion takes the same lock for itself: a reading that changes is either in the record or seen as changed since.
  await holdMeters(tx, [...new Set(part.map(({ meterId }) => meterId))]);
  const records = await standingRecords(tx, part);
  const tasks = await lockTasks(tx, batch, "extraction", part);
  const failures = new Map<string, SourceError>(await waitsForCollection(tx, tasks, startedAt));
  const belongings = await belongingsOf(tx, tasks);
  const settled = new Map<string, StandingRecord>();
  const placed: Placed[] = [];
  for (const task of tasks) {
    if (failures.has(task.id)) continue;
    const standing = placeOf(records.get(task.id) ?? []);
    if ("settled" in standing) {
      settled.set(task.id, standing.settled);
      continue;
    }
    try {
      placed.push({ ...readyTask(task, belongings), ...standing });
    } catch (error) {
      failures.set(task.id, asTaskError(error));
    }
  }
  const { made, kept } = await makeRecords(tx, placed);
  const stored = await storeRecords(tx, made);
  const refused = made.filter(({ id }) => !stored.has(id));
  for (const [recordId, error] of await periodHolders(tx, refused)) {
    const taskId = refused.find(({ id }) => id === recordId)?.task.id;
    if (taskId) failures.set(taskId, error);
  }
  const succeeded = [...made.filter(({ id }) => stored.has(id)), ...kept];
  await handBack(tx, settled, worker.now());
  await recordResults(tx, worker, batch, { startedAt, succeeded, failures });
  return {
    tasks: tasks.length,
    succeeded: succeeded.length,
    failed: failures.size,
    rows: succeeded.reduce((sum, { evidence }) => sum + evidence.readings.count, 0),
  };
}

/** `kept`: the task was cut off after its record was written, and nothing it rests on has changed since. */
async function makeRecords(tx: Db, placed: readonly Placed[]): Promise<{ made: NewRecord[]; kept: NewRecord[] }> {
  const periods = placed.map(({ task, settings }) => ({ ...task, metric: settings.MRV_METRIC }));
  const readings = await readingsOfPeriods(tx, periods);
  const sources = await evidenceSources(tx, readings.values());
  const written = await evidenceOf(
    tx,
    placed.flatMap(({ live }) => (live?.status === "extracted" ? live.id : [])),
  );
  const made: NewRecord[] = [];
  const kept: NewRecord[] = [];
  for (const { place, live, ...ready } of placed) {
    const record = makeRecord(ready, place, readings.get(ready.task.id) ?? [], sources);
    const before = live ? written.get(live.id) : undefined;
    if (before && restsOn(before) === restsOn(record.evidence)) kept.push(record);
    else made.push(record);
  }
  return { made, kept };
}

async function evidenceOf(tx: Db, ids: readonly string[]): Promise<Map<string, EvidenceManifest>> {
  if (ids.length === 0) return new Map();
  const rows = await tx.execute<{ id: string; evidence: EvidenceManifest }>(
    sql`select id, evidence from mrv_records where id = any(${`{${ids.join(",")}}`}::uuid[])`,
  );
  return new Map(rows.map(({ id, evidence }) => [id, evidence]));
}

/** All of it but which record it is. */
function restsOn({ record: _record, ...rest }: EvidenceManifest): string {
  return canonicalJson(rest);
}

async function recordResults(
  tx: Db,
  worker: Worker,
  { batchId }: Batch,
  result: { startedAt: Date; succeeded: readonly NewRecord[]; failures: ReadonlyMap<string, SourceError> },
): Promise<void> {
  const { startedAt, succeeded, failures } = result;
  const endedAt = worker.now();
  const attempt = { batchId, stage: "extraction" as const, startedAt };
  const failed = [...failures].map(([taskId, error]) => ({
    ...attempt,
    taskId,
    error,
    isLook: error.waitReason === "data",
  }));
  await recordFailures(tx, failed, endedAt);
  const moved = succeeded.map(({ task, evidence }) => ({
    ...attempt,
    taskId: task.id,
    endedAt,
    next: "verification" as const,
    results: {
      rowsRead: evidence.readings.count,
      readingsPresent: evidence.coverage.present,
      readingsExpected: evidence.coverage.expected,
    },
  }));
  await recordSuccess(tx, moved);
}

/** Tasks whose record was decided on stand again where that record left them. */
async function handBack(tx: Db, settled: ReadonlyMap<string, StandingRecord>, now: Date): Promise<void> {
  const at = sql`${now.toISOString()}::timestamptz`;
  const submitted = [...settled].filter(([, { status }]) => status === "submitted").map(([taskId]) => taskId);
  const waiting = [...settled].filter(([, { status }]) => status !== "submitted").map(([taskId]) => taskId);
  if (submitted.length > 0) {
    await tx.execute(sql`
      update meter_tasks set stage = 'submission', state = 'succeeded', finished_at = ${at}, updated_at = ${at}
      where id = any(${`{${submitted.join(",")}}`}::uuid[])`);
  }
  if (waiting.length > 0) {
    await tx.execute(sql`
      update meter_tasks set stage = 'submission', state = 'waiting', wait_reason = 'review', updated_at = ${at}
      where id = any(${`{${waiting.join(",")}}`}::uuid[])`);
  }
}
