import { inArray, sql } from "drizzle-orm";
import type { Connector, DataSourceType } from "../../connectors/contract";
import { connectorOf, settingsOf } from "../../connectors/registry";
import { SourceError } from "../../connectors/source-error";
import type { Db } from "../../db/client";
import { meters } from "../../db/schema";
import { withTx } from "../../db/tx";
import { AppError, Unavailable } from "../../errors";
import { SecretUnreadable } from "../../secrets";
import { type FailedAttempt, recordFailures } from "../../tasks/record-attempt";
import type { Batch, Worker } from "../worker";
import type { EtlStage, StageTask } from "./stage-tasks";

export type Meter = typeof meters.$inferSelect;

export interface TaskFailure {
  taskId: string;
  error: SourceError;
}

export async function loadMeters(db: Db, tasks: readonly StageTask[]): Promise<Map<string, Meter>> {
  const ids = [...new Set(tasks.map((task) => task.meterId))];
  if (ids.length === 0) return new Map();
  const rows = await db.select().from(meters).where(inArray(meters.id, ids));
  return new Map(rows.map((row) => [row.id, row]));
}

export function groupBy<T, K>(items: readonly T[], keyOf: (item: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}

/** The connector and its settings; throws SourceError where the meter is not set up as its type needs. */
export function connectorFor(meter: {
  type: string;
  dataSourceType: DataSourceType;
  settings: Record<string, unknown>;
}): { connector: Connector; settings: unknown } {
  const connector = connectorOf(meter.type);
  return { connector, settings: settingsOf(connector, meter.dataSourceType, meter.settings) };
}

/**
 * What a source, a setting or a credential did wrong, as the error of one meter's tasks. Anything else (the database or the
 * archive is away, a defect) is thrown on: it would hit every task of the batch, and the run's own retry answers it.
 */
export function asTaskError(error: unknown): SourceError {
  if (error instanceof SourceError) return error;
  if (error instanceof SecretUnreadable) {
    return new SourceError("CREDENTIALS_UNREADABLE", `${error.message} Or enter the meter's credentials again.`, {
      isRetryable: false,
      cause: error,
    });
  }
  if (error instanceof AppError && !(error instanceof Unavailable)) {
    return new SourceError("METER_SETUP", error.message, { isRetryable: false, cause: error });
  }
  throw error;
}

/**
 * Writes the failures of a stage. A task whose bytes could not be transformed goes back to collection, so that its next
 * attempt asks the source for other ones.
 */
export async function recordStageFailures(
  worker: Worker,
  batch: Batch,
  stage: EtlStage,
  startedAt: Date,
  failures: readonly TaskFailure[],
): Promise<void> {
  if (failures.length === 0) return;
  await withTx(worker.db, async (tx) => {
    const attempts = failures.map(
      ({ taskId, error }): FailedAttempt => ({ taskId, batchId: batch.batchId, stage, startedAt, error }),
    );
    const recorded = await recordFailures(tx, attempts, worker.now());
    if (stage !== "transformation" || recorded.length === 0) return;
    await tx.execute(sql`
      update meter_tasks set stage = 'collection'
      where id in ${recorded.map((failure) => failure.taskId)} and stage = 'transformation'`);
  });
}

/** Runs `work` over the items, a few at a time, and waits for all of those that were started even if one throws. */
export async function inParallel<T>(items: readonly T[], limit: number, work: (item: T) => Promise<void>) {
  const waiting = items[Symbol.iterator]();
  const lanes = Array.from({ length: Math.min(limit, items.length) }, async () => {
    for (const item of waiting) await work(item);
  });
  const results = await Promise.allSettled(lanes);
  for (const result of results) if (result.status === "rejected") throw result.reason;
}
