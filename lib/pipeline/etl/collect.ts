import type { Connector } from "../../connectors/contract";
import { SourceError } from "../../connectors/source-error";
import { withTx } from "../../db/tx";
import { recordSuccess } from "../../tasks/record-attempt";
import { nominalSeconds } from "../../time";
import type { Batch, Worker } from "../worker";
import { archivedAnswers } from "./archived-answers";
import { copyBucketObjects } from "./copy-bucket-objects";
import { type FetchRangeOf, prepareFetch } from "./fetch-answers";
import { contiguousRanges, type FetchRange, readSpan, splitRange } from "./fetch-ranges";
import { withHeartbeat } from "./heartbeat";
import { currentObjects, type RawObject } from "./raw-objects";
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

/**
 * Meters of one batch that are asked at the same time; the account's limit per second holds besides. A vendor that takes a
 * third of a second still gives 200 meters their live reading within ten.
 */
const METERS_AT_ONCE = 10;

export interface Collected {
  taskId: string;
  objectIds: string[];
}

/** What collecting one meter's tasks came to. */
export interface MeterCollection {
  collected: Collected[];
  failures: TaskFailure[];
}

/**
 * Brings the bytes behind each task's interval into the archive, exactly as the source gave them, and names them on the task.
 * A call that succeeded is not made again when the stage is repeated after a crash. Tasks whose source fails record that and
 * leave the batch; the others go on to transformation.
 */
export async function collect(worker: Worker, batch: Batch): Promise<StageCounts> {
  const startedAt = worker.now();
  return withHeartbeat(worker, batch, async (isOurs) => {
    const tasks = await takeTasksAt(worker.db, batch, "collection");
    const meters = await loadMeters(worker.db, tasks);
    const collected: Collected[] = [];
    const failures: TaskFailure[] = [];
    await inParallel([...groupBy(tasks, (task) => task.meterId)], METERS_AT_ONCE, async ([meterId, ofMeter]) => {
      const meter = meters.get(meterId);
      if (!meter) throw new Error(`Meter ${meterId} is not there.`);
      if (!isOurs()) return;
      const result = await collectMeter(worker, batch, meter, ofMeter, isOurs);
      collected.push(...result.collected);
      failures.push(...result.failures);
    });
    await recordStageFailures(worker, batch, "collection", startedAt, failures);
    const endedAt = worker.now();
    const attempts = collected.map(({ taskId, objectIds }) => ({
      taskId,
      batchId: batch.batchId,
      stage: "collection" as const,
      startedAt,
      endedAt,
      next: "transformation" as const,
      results: { rawObjectIds: objectIds },
    }));
    const moved = await withTx(worker.db, (tx) => recordSuccess(tx, attempts));
    return { tasks: tasks.length, succeeded: moved.length, failed: failures.length, rows: 0 };
  });
}

async function collectMeter(
  worker: Worker,
  batch: Batch,
  meter: Meter,
  all: StageTask[],
  isOurs: () => boolean,
): Promise<MeterCollection> {
  // What was uploaded is in the archive: there is nothing to ask for, whatever the job or a person says.
  const uploaded = all.filter((task) => task.job.isUpload);
  const given = uploaded.map((task) => ({ taskId: task.id, objectIds: task.rawObjectIds }));
  const tasks = all.filter((task) => !task.job.isUpload);
  if (tasks.length === 0) return { collected: given, failures: [] };
  const { collected, failures } = await collectFromSource(worker, batch, meter, tasks, isOurs);
  return { collected: [...given, ...collected], failures };
}

async function collectFromSource(
  worker: Worker,
  batch: Batch,
  meter: Meter,
  tasks: StageTask[],
  isOurs: () => boolean,
): Promise<MeterCollection> {
  try {
    const { connector, settings } = connectorFor(meter);
    if (meter.dataSourceType === "S3") return await copyBucketObjects(worker, meter, connector, tasks);
    const fetchRange = prepareFetch(worker, meter, connector, settings);
    const aheadMilliseconds = aheadOf(connector, settings);
    const source = { meter, connector, settings, fetchRange, aheadMilliseconds, batch, isOurs };
    return await collectFromApi(worker, source, tasks);
  } catch (error) {
    const failure = asTaskError(error);
    return { collected: [], failures: tasks.map((task) => ({ taskId: task.id, error: failure })) };
  }
}

interface ApiMeter {
  meter: Meter;
  connector: Connector;
  settings: unknown;
  fetchRange: FetchRangeOf;
  /** How far past now an answer of the newest interval may reach. */
  aheadMilliseconds: number;
  batch: Batch;
  isOurs(): boolean;
}

async function collectFromApi(worker: Worker, source: ApiMeter, tasks: StageTask[]): Promise<MeterCollection> {
  const { connector } = source;
  const now = worker.now();
  const oldest = oldestInstant(connector, now);
  const ends = { oldest, ahead: (end: number) => endAhead(source, end, now) };
  const { archived, missing } = await archivedAnswers(worker, source, tasks, ends);
  const failed = new Map<string, SourceError>();
  const wanted = tasks.filter((task) => missing(task).length > 0);
  for (const task of wanted) if (task.endAt <= oldest) failed.set(task.id, historyGone(connector));
  const parts = callsFor(
    connector,
    wanted.filter((task) => !failed.has(task.id)),
    oldest,
  );
  const fetched: RawObject[] = [];
  for (const part of parts) {
    // All its tasks have failed already: a call would serve nobody.
    if (part.tasks.every((task) => failed.has(task.id))) continue;
    if (!source.isOurs()) return { collected: [], failures: [] };
    try {
      fetched.push(...(await source.fetchRange(part, [...new Set(part.tasks.flatMap(missing))])));
    } catch (error) {
      const failure = asTaskError(error);
      for (const task of part.tasks) if (!failed.has(task.id)) failed.set(task.id, failure);
      if (isOfAccount(failure)) failRest(parts, part, failed, failure);
    }
  }
  const objects = newestOf([...archived, ...fetched]);
  const newest = Math.max(...tasks.map((task) => task.endAt));
  // Forecasts are brought by the newest interval.
  const reachOf = (task: StageTask) =>
    task.endAt < newest ? readSpan(task) : { ...readSpan(task), to: ends.ahead(task.endAt) };
  return {
    collected: tasks
      .filter((task) => !failed.has(task.id))
      .map((task) => ({ taskId: task.id, objectIds: currentObjects(objects, reachOf(task)) })),
    failures: [...failed].map(([taskId, error]) => ({ taskId, error })),
  };
}

function aheadOf(connector: Connector, settings: unknown): number {
  const ahead = connector.ahead?.(settings);
  return ahead ? nominalSeconds(ahead.reach) * 1000 : 0;
}

function endAhead({ aheadMilliseconds }: ApiMeter, end: number, now: Date): number {
  return aheadMilliseconds === 0 ? end : Math.max(end, now.getTime()) + aheadMilliseconds;
}

/** Epoch milliseconds; what ended before is not at the source any more. */
function oldestInstant({ history }: Connector, now: Date): number {
  return history === undefined ? Number.NEGATIVE_INFINITY : now.getTime() - nominalSeconds(history) * 1000;
}

function historyGone({ label, history }: Connector): SourceError {
  const days = nominalSeconds(history ?? "P0D") / 86_400;
  return new SourceError(
    "HISTORY_GONE",
    `${label} gives data of the last ${days} days only, and this interval is older. It cannot be collected any more, so it was not asked for.`,
    { isRetryable: false },
  );
}

/** Where answers reach from now back, one call serves all intervals, with gaps between them or not. */
function callsFor(connector: Connector, tasks: StageTask[], oldest: number): FetchRange[] {
  const ranges = contiguousRanges(tasks);
  const [first] = ranges;
  const last = ranges.at(-1);
  if (connector.history === undefined || !first || !last) {
    return ranges.flatMap((range) => splitRange(range, connector.maxRange));
  }
  const to = Math.max(...ranges.map((range) => range.to));
  return [{ from: Math.max(first.from, oldest), to, tasks: ranges.flatMap((range) => range.tasks) }];
}

/** A quota that is spent, a key that is refused or a device that is unknown will be so for the next range too. */
function isOfAccount(error: SourceError): boolean {
  return error.waitReason === "quota" || [401, 403, 404].includes(error.answer?.status ?? 0);
}

function failRest(parts: FetchRange[], from: FetchRange, failed: Map<string, SourceError>, error: SourceError) {
  for (const part of parts.slice(parts.indexOf(from) + 1)) {
    for (const task of part.tasks) if (!failed.has(task.id)) failed.set(task.id, error);
  }
}

function newestOf(objects: RawObject[]): RawObject[] {
  return [...new Map(objects.map((object) => [object.id, object])).values()];
}
