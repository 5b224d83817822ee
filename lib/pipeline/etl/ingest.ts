import { sql } from "drizzle-orm";
import type { Db } from "../../db/client";
import { withTx } from "../../db/tx";
import { noteChanges, noteRefusedRows } from "../../findings/note-changes";
import { noteChangedRecords } from "../../mrv/extraction/note-changed-records";
import { recordSuccess } from "../../tasks/record-attempt";
import type { Batch, Worker } from "../worker";
import { alignCarbon } from "./align-carbon";
import { arrayLiteral } from "./array-literal";
import { withHeartbeat } from "./heartbeat";
import { beginIngestion } from "./ingestions-under-way";
import { isDeadlock } from "./is-deadlock";
import { lockMeters } from "./lock-meters";
import {
  insertNewRows,
  joinedByHash,
  type Merged,
  restateChangedRows,
  type Segment,
  type Touched,
  writtenRows,
} from "./merge-rows";
import { ensurePartitions } from "./partitions";
import { countPresentReadings, raiseNewestReading } from "./present-readings";
import { raiseVersions } from "./raise-versions";
import { rollUp } from "./roll-up";
import { groupBy } from "./run-stage";
import { type RowObject, stageRows } from "./stage-rows";
import { type StageCounts, type StageTask, takeTasksAt } from "./stage-tasks";

const ATTEMPTS = 3;

/** A transformed object with what it covers, epoch milliseconds. */
interface IngestedObject extends RowObject, Touched {
  id: string;
}

/**
 * Brings the batch's transformed objects into `meter_data`, with revisions, rollups, coverage and the tasks' own rows, in one
 * transaction: all of it is there or nothing. Ingesting an object again changes nothing.
 */
export async function ingest(worker: Worker, batch: Batch): Promise<StageCounts> {
  return withHeartbeat(worker, batch, async () => {
    const tasks = await takeTasksAt(worker.db, batch, "ingestion");
    if (tasks.length === 0) return { tasks: 0, succeeded: 0, failed: 0, rows: 0 };
    const objects = await loadObjects(worker.db, tasks);
    await ensurePartitions(worker.db, objects);
    const meterIds = [...new Set(objects.map((object) => object.meterId))].sort();
    for (let attempt = 1; ; attempt++) {
      try {
        return await withTx(worker.db, (tx) => ingestInTx(tx, worker, batch, meterIds));
      } catch (error) {
        // Tasks of one meter can be in two batches; PostgreSQL undoes one of two that wait for each other.
        if (attempt === ATTEMPTS || !isDeadlock(error)) throw error;
      }
    }
  });
}

async function ingestInTx(tx: Db, worker: Worker, batch: Batch, meterIds: string[]): Promise<StageCounts> {
  const startedAt = worker.now();
  await beginIngestion(tx);
  // Before the tasks: whoever has a meter counts the readings of its tasks in other batches, too, and must not find them
  // held by one that waits for the meter.
  await lockMeters(tx, meterIds);
  // Locks the tasks: from here on none of them can be cancelled or taken back.
  const tasks = await takeTasksAt(tx, batch, "ingestion");
  const objects = await loadObjects(tx, tasks);
  // Compiling plans took 0.2 s of every batch; the sums of a batch fit in this much memory.
  await tx.execute(sql`set local jit = off`);
  await tx.execute(sql`set local work_mem = '32MB'`);
  const staged = await stageRows(tx, worker.archive, objects);
  if (staged > 0) await alignCarbon(tx, meterIds);
  const segments = segmentsOf(tasks, objects);
  const merged = staged === 0 ? nothingMerged : await mergeRows(tx, { tasks, objects, segments, meterIds, staged });
  if (merged.touched.length > 0) {
    await rollUp(tx, merged.touched);
    await raiseVersions(tx, merged.touched);
    await raiseNewestReading(tx, merged.touched);
    await noteChanges(tx, merged.touched);
    await noteChangedRecords(tx, merged.touched);
  }
  await noteRefusedRows(
    tx,
    tasks.map(({ id }) => id),
  );
  // Also where nothing changed: a task that is new to its interval has to know what is there.
  const counts = await countPresentReadings(tx, objects, new Set(tasks.map(({ id }) => id)));
  const endedAt = worker.now();
  const moved = await recordSuccess(
    tx,
    tasks.map(({ id }) => ({
      taskId: id,
      batchId: batch.batchId,
      stage: "ingestion" as const,
      startedAt,
      endedAt,
      next: "done" as const,
      results: {
        rowsWritten: merged.written.get(id) ?? 0,
        rowsChanged: merged.changed.get(id) ?? 0,
        readingsPresent: counts.get(id)?.present,
        readingsExpected: counts.get(id)?.expected,
      },
    })),
  );
  return { tasks: tasks.length, succeeded: moved.length, failed: tasks.length - moved.length, rows: staged };
}

const nothingMerged: Merged = { written: new Map(), changed: new Map(), touched: [] };

interface StagedBatch {
  tasks: StageTask[];
  objects: IngestedObject[];
  segments: Segment[];
  meterIds: string[];
  staged: number;
}

async function mergeRows(tx: Db, batch: StagedBatch): Promise<Merged> {
  const { tasks, objects, segments, meterIds, staged } = batch;
  const bounds = {
    from: Math.min(...objects.map((object) => object.from)),
    to: Math.max(...objects.map((object) => object.to)),
    meterIds,
  };
  return joinedByHash(tx, async () => {
    const inserted = await insertNewRows(tx, segments);
    if (inserted === staged) {
      // Every row was new, so what each task read is what it wrote.
      const written = new Map(tasks.map((task) => [task.id, task.rowsRead - task.rowsRejected]));
      return { written, changed: new Map(), touched: objects };
    }
    const changed = await restateChangedRows(tx, segments, bounds);
    if (inserted === 0 && changed.size === 0) return nothingMerged;
    const rows = await writtenRows(tx, bounds);
    return {
      written: new Map(rows.map((row) => [row.task_id, row.new_rows])),
      changed,
      touched: rows.map((row) => ({ meterId: row.meter_id, from: row.from_at, to: row.last_at + 1 })),
    };
  });
}

async function loadObjects(db: Db, tasks: readonly StageTask[]): Promise<IngestedObject[]> {
  const ids = [...new Set(tasks.map((task) => task.transformedObjectId))];
  const rows = await db.execute<{
    id: string;
    meter_id: string;
    key: string;
    sha256: string;
    from_at: number;
    to_at: number;
  }>(sql`
    select id, meter_id, key, sha256, (extract(epoch from covers_from) * 1000)::float8 as from_at,
      (extract(epoch from covers_to) * 1000)::float8 as to_at
    from archive_objects where id = any(${arrayLiteral(ids.map(String))}::uuid[])
    order by meter_id, confirmed_at, id`);
  if (rows.length !== ids.length) throw new Error("A task at ingestion names no transformed object.");
  return rows.map((row) => ({
    id: row.id,
    meterId: row.meter_id,
    key: row.key,
    sha256: row.sha256,
    from: row.from_at,
    to: row.to_at,
  }));
}

/** Rows from an object's beginning belong to its first task, then to each task from its start. */
function segmentsOf(tasks: readonly StageTask[], objects: readonly IngestedObject[]): Segment[] {
  const byObject = groupBy(tasks, (task) => task.transformedObjectId);
  const segments = objects.flatMap(({ id, meterId, from }) =>
    (byObject.get(id) ?? []).map((task, index) => ({
      meterId,
      startAt: index === 0 ? from : task.startAt,
      taskId: task.id,
      objectId: id,
    })),
  );
  return segments;
}
