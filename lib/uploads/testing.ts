import { eq } from "drizzle-orm";
import type { Actor } from "../auth/actor";
import type { WorkerCtx } from "../ctx";
import type { Db } from "../db/client";
import { meterTasks } from "../db/schema";
import { newId } from "../ids";
import { runStages, type TestWorker } from "../pipeline/etl/testing";
import { formBatches } from "../tasks/form-batches";
import { aMeter, type MeterRow } from "../testing/builders";
import { planUploads } from "./plan-uploads";
import { receiveUpload } from "./receive-upload";
import { startUploads } from "./start-uploads";

/** A fleet whose files people bring, for tests of uploads. */

export const operator: Actor = { kind: "user", id: newId(), name: "Olga", roles: ["operator"] };

export const csvMapping = {
  stampColumn: "time",
  timezone: "UTC",
  intervalMinutes: 30,
  values: [{ column: "kWh", metric: "eRealKwh", unit: "kWh" }],
};

/** A meter in UTC without a source, that reads `time,kWh`. */
export function anUploadMeter(db: Db, values: Partial<Parameters<typeof aMeter>[1]> = {}): Promise<MeterRow> {
  return aMeter(db, {
    type: "CSV",
    dataSourceType: "UPLOAD",
    dataSource: "",
    accountKey: "upload",
    timezone: "UTC",
    settings: csvMapping,
    ...values,
  });
}

/** Half hours of whole days from a day on, each with the same energy. */
export function halfHours(day: string, days: number, kwh: number): string {
  const from = Date.parse(`${day}T00:00:00Z`);
  const rows = Array.from({ length: days * 48 }, (_, index) => {
    return `${new Date(from + index * 1_800_000).toISOString().slice(0, 16).replace("T", " ")},${kwh}`;
  });
  return `time,kWh\n${rows.join("\n")}\n`;
}

export function chunksOf(content: string | Uint8Array): AsyncIterable<Uint8Array> {
  return (async function* () {
    yield typeof content === "string" ? Buffer.from(content) : content;
  })();
}

export function give(ctx: WorkerCtx, meterId: string, fileName: string, content: string | Uint8Array) {
  return receiveUpload(ctx, { meterId, fileName }, { chunks: chunksOf(content), announcedBytes: null });
}

/** Receives, plans and starts a file. */
export async function ingestFile(ctx: WorkerCtx, meterId: string, fileName: string, content: string | Uint8Array) {
  const { id } = await give(ctx, meterId, fileName, content);
  const { planToken } = await planUploads(ctx, { meterId, uploadIds: [id] });
  const [upload] = await startUploads(ctx, { meterId, uploadIds: [id], planToken });
  if (!upload) throw new Error("The upload was not started.");
  return upload;
}

/** Runs every pending task that can be sent. */
export async function workOff(worker: TestWorker): Promise<number> {
  let batches = 0;
  for (;;) {
    const formed = await formBatches(worker.db, worker.now());
    if (formed.length === 0) return batches;
    for (const { batchId } of formed) {
      await runStages(worker, { batchId, runId: "test" });
      await worker.db.execute(`update task_batches set finished_at = now() where id = '${batchId}'`);
      batches += 1;
    }
  }
}

export function tasksOf(db: Db, meterId: string) {
  return db.select().from(meterTasks).where(eq(meterTasks.meterId, meterId)).orderBy(meterTasks.intervalStart);
}
