import { ChecksumMismatch, ObjectNotFound } from "../../archive/archive";
import type { Connector, Parsed, Reject } from "../../connectors/contract";
import type { Readings } from "../../connectors/readings";
import { SourceError } from "../../connectors/source-error";
import type { Took } from "../../db/schema/archive";
import { withTx } from "../../db/tx";
import { type Factor, factorsFor } from "../../factors/factors-for";
import { recordSuccess, type StoredReject } from "../../tasks/record-attempt";
import { nominalSeconds } from "../../time";
import type { Batch, Worker } from "../worker";
import { contiguousRanges, type FetchRange } from "./fetch-ranges";
import { withHeartbeat } from "./heartbeat";
import { loadRawInputs, type RawSource } from "./raw-inputs";
import {
  asTaskError,
  connectorFor,
  groupBy,
  inParallel,
  loadMeters,
  type Meter,
  recordStageFailures,
  type TaskFailure,
} from "./run-stage";
import { type StageCounts, type StageTask, takeTasksAt } from "./stage-tasks";
import { factorTaken, transformBytes } from "./transform-bytes";
import { archiveRows, type TaskRows } from "./transformed-objects";

const REJECTS_KEPT = 100;

/** While one meter's bytes are worked on, those of others come from the archive or go there. */
const METERS_AT_ONCE = 4;

/**
 * Turns archived bytes into rows: one object per meter and stretch of time without a gap, in one format for all meter types.
 * A pure function of the bytes, the meter's settings and the emission factors, so the same input gives the same object.
 */
export async function transform(worker: Worker, batch: Batch): Promise<StageCounts> {
  const startedAt = worker.now();
  return withHeartbeat(worker, batch, async () => {
    const tasks = await takeTasksAt(worker.db, batch, "transformation");
    const meters = await loadMeters(worker.db, tasks);
    const sources = await loadRawInputs(worker, tasks);
    const done: TaskRows[] = [];
    const failures: TaskFailure[] = [];
    await inParallel([...groupBy(tasks, (task) => task.meterId)], METERS_AT_ONCE, async ([meterId, ofMeter]) => {
      const meter = meters.get(meterId);
      if (!meter) throw new Error(`Meter ${meterId} is not there.`);
      for (const range of contiguousRanges(ofMeter)) {
        const result = await transformRange(worker, meter, range, sources);
        done.push(...result.done);
        failures.push(...result.failures);
      }
    });
    await recordStageFailures(worker, batch, "transformation", startedAt, failures);
    const endedAt = worker.now();
    const attempts = done.map(({ taskId, objectId, rowsRead, rowsRejected, rejects }) => ({
      taskId,
      batchId: batch.batchId,
      stage: "transformation" as const,
      startedAt,
      endedAt,
      next: "ingestion" as const,
      results: {
        transformedObjectId: objectId,
        rowsRead,
        rowsRejected,
        rejects: rejects.map(storedReject),
      },
    }));
    const moved = await withTx(worker.db, (tx) => recordSuccess(tx, attempts));
    const rows = done.reduce((sum, task) => sum + task.rowsRead, 0);
    return { tasks: tasks.length, succeeded: moved.length, failed: failures.length, rows };
  });
}

/** When it was is kept where a check looks for it. */
function storedReject({ row, reason, kind, startEpochSeconds, durationSeconds }: Reject): StoredReject {
  return { row, reason, ...(kind && { kind, startEpochSeconds, durationSeconds }) };
}

interface RangeResult {
  done: TaskRows[];
  failures: TaskFailure[];
}

/** One range; where its bytes are of no use, the tasks of each set of raw objects by themselves. */
async function transformRange(
  worker: Worker,
  meter: Meter,
  range: FetchRange,
  sources: Map<string, RawSource>,
): Promise<RangeResult> {
  try {
    return await transformTogether(worker, meter, range, sources);
  } catch (error) {
    const failure = asTaskError(brokenArchive(error, isOfUploads(range.tasks)));
    const groups = [...groupBy(range.tasks, (task) => task.rawObjectIds.join()).values()];
    if (groups.length === 1) {
      return { done: [], failures: range.tasks.map((task) => ({ taskId: task.id, error: failure })) };
    }
    const result: RangeResult = { done: [], failures: [] };
    for (const part of groups.flatMap((tasks) => contiguousRanges(tasks))) {
      const { done, failures } = await transformRange(worker, meter, part, sources);
      result.done.push(...done);
      result.failures.push(...failures);
    }
    return result;
  }
}

/** An object that is gone or was changed is no reason to stop the other tasks, but it does not come back by itself. */
function brokenArchive(error: unknown, isUpload: boolean): unknown {
  if (!(error instanceof ObjectNotFound || error instanceof ChecksumMismatch)) return error;
  const next = isUpload ? "Upload the file again." : "Retry the task: the source is asked again.";
  return new SourceError("ARCHIVE_DAMAGED", `${error.message} ${next}`, {
    isRetryable: false,
    cause: error,
  });
}

/** Batches hold uploads or what was collected, never both. */
function isOfUploads(tasks: readonly StageTask[]): boolean {
  return tasks.every((task) => task.job.isUpload);
}

async function transformTogether(
  worker: Worker,
  meter: Meter,
  range: FetchRange,
  sources: Map<string, RawSource>,
): Promise<RangeResult> {
  const { connector, settings } = connectorFor(meter);
  const ahead = connector.ahead?.(settings) ?? null;
  const asked = { from: new Date(range.from), to: new Date(range.to + aheadMilliseconds(ahead)) };
  const raw = rawOf(range.tasks, sources);
  const factors: Factor[] = meter.region ? await factorsFor(worker.db, meter.region, asked) : [];
  const took: Took = {
    settings: settings as Record<string, unknown>,
    dataSource: meter.dataSource,
    dataSourceType: isOfUploads(range.tasks) ? "UPLOAD" : meter.dataSourceType,
    timezone: meter.timezone,
    from: asked.from.toISOString(),
    to: asked.to.toISOString(),
    until: new Date(range.to).toISOString(),
    factors: factors.map(factorTaken),
  };
  const files = raw.map(({ file }) => file);
  const { parsed, bytes } = await transformBytes({ meterId: meter.id, connector: connector.type, took, files });
  const inputIds = raw.map((source) => source.id);
  const objectId = await archiveRows(worker, { meterId: meter.id, connector: connector.type, took, bytes, inputIds });
  return shareOut(worker, { connector, isAllAhead: ahead?.isAll === true }, range.tasks, parsed, objectId);
}

/** Forecasts begin when they are collected, which is at most a day after the interval that brings them. */
function aheadMilliseconds(ahead: { reach: string } | null): number {
  return ahead === null ? 0 : (nominalSeconds(ahead.reach) + 86_400) * 1000;
}

/** Raw objects behind any of the tasks, the newest last: a later one wins. */
function rawOf(tasks: readonly StageTask[], sources: Map<string, RawSource>): RawSource[] {
  const ids = new Set(tasks.flatMap((task) => task.rawObjectIds));
  const found = [...ids].map((id) => {
    const source = sources.get(id);
    if (!source) throw new ObjectNotFound(`The archive has no row for the raw object ${id}.`);
    return source;
  });
  return found.sort((a, b) => a.order - b.order);
}

/**
 * Which task read which rows: a reading belongs to the last task that starts at or before it, so that intervals read again
 * belong to the first. A task without a row of its own, good or bad, waits while the vendor may still have some: a bad row of an
 * interval read again, or one that tells no time, says nothing of it.
 */
function shareOut(
  worker: Worker,
  { connector, isAllAhead }: { connector: Connector; isAllAhead: boolean },
  tasks: readonly StageTask[],
  { readings, rejects }: Parsed,
  objectId: string,
): RangeResult {
  const window = nominalSeconds(connector.restatementWindow) * 1000;
  const rejectsOf = shareRejects(tasks, rejects);
  const result: RangeResult = { done: [], failures: [] };
  let next = 0;
  for (const [index, task] of tasks.entries()) {
    const end = (tasks[index + 1]?.startAt ?? Number.POSITIVE_INFINITY) / 1000;
    const before = next;
    next = readings.countBefore(end);
    const ofTask = rejectsOf.get(task.id) ?? [];
    const isSettled = isAllAhead || hasReading(readings, task) || rejects.some((reject) => isWithin(reject, task));
    const now = worker.now();
    if (!isSettled && task.job.isUpload) {
      result.failures.push({ taskId: task.id, error: notInUpload(ofTask) });
      continue;
    }
    if (!isSettled && now.getTime() < task.endAt + window) {
      result.failures.push({ taskId: task.id, error: noDataYet(connector, ofTask, now) });
      continue;
    }
    result.done.push({
      taskId: task.id,
      objectId,
      rowsRead: next - before + ofTask.length,
      rowsRejected: ofTask.length,
      rejects: ofTask.slice(0, REJECTS_KEPT),
    });
  }
  return result;
}

/** A reject that tells no time of its own is kept on the range's last task. */
function shareRejects(tasks: readonly StageTask[], rejects: readonly Reject[]): Map<string, Reject[]> {
  const last = tasks.at(-1);
  if (!last || rejects.length === 0) return new Map();
  return groupBy(rejects, (reject) => {
    if (reject.startEpochSeconds === undefined) return last.id;
    const at = reject.startEpochSeconds * 1000;
    return (tasks.findLast((task) => task.startAt <= at) ?? tasks[0] ?? last).id;
  });
}

function hasReading(readings: Readings, task: StageTask): boolean {
  return readings.countBefore(task.startAt / 1000) < readings.countBefore(task.endAt / 1000);
}

/** Whether a reject speaks for the task's interval: begins in it, or covers it whole. */
function isWithin({ startEpochSeconds, durationSeconds = 0 }: Reject, task: StageTask): boolean {
  if (startEpochSeconds === undefined) return false;
  const from = startEpochSeconds * 1000;
  const isInside = from >= task.startAt && from < task.endAt;
  return isInside || (from <= task.startAt && from + durationSeconds * 1000 >= task.endAt);
}

/** It had some when it was looked at, so the meter is read otherwise since. */
function notInUpload(rejects: readonly Reject[]): SourceError {
  return new SourceError(
    "NO_READINGS",
    `The uploaded file has no readings in this interval with the meter's settings as they are now.${refusedBeside(rejects)}`,
    { isRetryable: false },
  );
}

function refusedBeside([first, ...others]: readonly Reject[]): string {
  const rows = first && (others.length === 0 ? "A row was" : `${others.length + 1} rows were`);
  return first ? ` ${rows} refused beside it: ${first.row}: ${first.reason}` : "";
}

function noDataYet(connector: Connector, rejects: readonly Reject[], now: Date): SourceError {
  const refused = refusedBeside(rejects);
  return new SourceError(
    "NO_DATA_YET",
    `${connector.label} has no readings in this interval yet. It is asked again until the data can no longer be expected.${refused}`,
    {
      isRetryable: true,
      waitReason: "data",
      ...(connector.dataWait && { retryAt: new Date(now.getTime() + nominalSeconds(connector.dataWait) * 1000) }),
    },
  );
}
