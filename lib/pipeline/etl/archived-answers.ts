import { eq } from "drizzle-orm";
import type { Connector, ExpectedAnswer } from "../../connectors/contract";
import { taskBatches } from "../../db/schema";
import { nominalSeconds } from "../../time";
import type { Batch, Worker } from "../worker";
import { contiguousRanges, readSpan, type Span, uncovered } from "./fetch-ranges";
import { overlappingObjects, type RawObject } from "./raw-objects";
import type { Meter } from "./run-stage";
import type { StageTask } from "./stage-tasks";

interface AskedMeter {
  meter: Meter;
  connector: Connector;
  settings: unknown;
  batch: Batch;
}

/** Epoch milliseconds: what ended before `oldest` is not at the source any more, and how far the answers of an end may reach. */
interface Ends {
  oldest: number;
  ahead(end: number): number;
}

export interface ArchivedAnswers {
  archived: RawObject[];
  /** The endpoints that must be asked for this task: none where the archive has everything it needs. */
  missing(task: StageTask): string[];
}

/** Stands for the endpoint of a vendor that has but one. */
const ANY = "";

/**
 * What is in the archive for these tasks, and which endpoints need no call for them. Archived answers serve a task whose job
 * reuses them (`force_override` false, not forced). They serve any task that takes up a collection again, one that was cut off in this batch
 * or that failed since, as far as that collection had come: of two endpoints one may have answered and the other not, so each is
 * looked at by itself. The archive is not looked through where nothing in it can serve.
 */
export async function archivedAnswers(
  worker: Worker,
  source: AskedMeter,
  tasks: readonly StageTask[],
  ends: Ends,
): Promise<ArchivedAnswers> {
  const { meter, connector, settings, batch } = source;
  const now = worker.now();
  const mayReuse = (task: StageTask) => !task.isForced && !task.job.forceOverride && !task.needsNewBytes;
  const failedBefore = (task: StageTask) => !task.isForced && task.failingSince !== null;
  const considered = tasks.filter((task) => mayReuse(task) || task.wasRunning || failedBefore(task));
  const longest = connector.maxRange === undefined ? 366 * 86_400 : nominalSeconds(connector.maxRange) + 3_600;
  const archived: RawObject[] = [];
  for (const range of contiguousRanges(considered)) {
    const span = { from: range.from, to: ends.ahead(range.to) };
    archived.push(...(await overlappingObjects(worker.db, meter.id, span, longest * 1000)));
  }
  const batchCreatedAt = tasks.some((task) => task.wasRunning) ? await createdAt(worker, batch) : 0;

  const begunAt = (task: StageTask): number =>
    Math.min(
      task.wasRunning ? batchCreatedAt : Number.POSITIVE_INFINITY,
      (failedBefore(task) ? task.failingSince : null) ?? Number.POSITIVE_INFINITY,
    );
  const isThere = (task: StageTask, expected: ExpectedAnswer): boolean => {
    const answers = archived.filter(({ path }) => expected.endpoint === ANY || path.endsWith(`/${expected.endpoint}`));
    if (mayReuse(task) && serves(answers, expected, task, { from: task.startAt, to: task.endAt })) return true;
    if (task.endAt <= ends.oldest) return false;
    const { from, to } = readSpan(task);
    // What the source had given up before the call is in no answer.
    const asked = { from: Math.min(Math.max(from, ends.oldest), to), to };
    const since = begunAt(task);
    return serves(
      answers.filter(({ confirmedAt }) => confirmedAt >= since),
      expected,
      task,
      asked,
    );
  };
  const missingOf = (task: StageTask): string[] => {
    const range = { from: new Date(task.startAt), to: new Date(task.endAt) };
    const expected = connector.answers?.(settings, range, now) ?? [{ endpoint: ANY, range }];
    return expected.filter((answer) => !isThere(task, answer)).map(({ endpoint }) => endpoint);
  };
  const byTask = new Map(tasks.map((task) => [task.id, missingOf(task)]));
  return { archived, missing: ({ id }) => byTask.get(id) ?? [] };
}

function serves(answers: RawObject[], { range, isAhead }: ExpectedAnswer, task: StageTask, span: Span): boolean {
  if (!isAhead) return uncovered(span, answers).length === 0;
  const reach = range.to.getTime() - range.from.getTime();
  return answers.some(({ from, to }) => from >= task.endAt && to - from >= reach);
}

async function createdAt(worker: Worker, batch: Batch): Promise<number> {
  const [row] = await worker.db
    .select({ createdAt: taskBatches.createdAt })
    .from(taskBatches)
    .where(eq(taskBatches.id, batch.batchId));
  return row?.createdAt.getTime() ?? Number.POSITIVE_INFINITY;
}
