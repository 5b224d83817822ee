import type { Db } from "../../lib/db/client";
import { collect } from "../../lib/pipeline/etl/collect";
import { ingest } from "../../lib/pipeline/etl/ingest";
import { transform } from "../../lib/pipeline/etl/transform";
import type { Worker } from "../../lib/pipeline/worker";
import { beginBatch } from "../../lib/tasks/begin-batch";
import { formBatches } from "../../lib/tasks/form-batches";
import { settleBatch } from "../../lib/tasks/settle-batch";

/**
 * Works all pending tasks off as the product's functions do, but without Inngest between: batches formed by the product, as many
 * in flight as its limits allow, each through the stages in order. Returns milliseconds spent in each, over all batches.
 */
export async function runBatches(db: Db, worker: Worker): Promise<{ batches: number; spent: Record<string, number> }> {
  const spent: Record<string, number> = {};
  let batches = 0;
  const timed = async <T>(name: string, work: () => Promise<T>): Promise<T> => {
    const startedAt = performance.now();
    try {
      return await work();
    } finally {
      spent[name] = (spent[name] ?? 0) + performance.now() - startedAt;
    }
  };
  const running = new Set<Promise<void>>();
  const run = async (batchId: string) => {
    const batch = { batchId, runId: batchId };
    await timed("begin", () => beginBatch(db, batch, worker.now()));
    await timed("collect", () => collect(worker, batch));
    await timed("transform", () => transform(worker, batch));
    await timed("ingest", () => ingest(worker, batch));
    await timed("settle", () => settleBatch(db, batchId, worker.now()));
  };
  for (;;) {
    for (const { batchId } of await timed("form", () => formBatches(db, worker.now()))) {
      batches += 1;
      const job: Promise<void> = run(batchId).finally(() => running.delete(job));
      running.add(job);
    }
    if (running.size === 0) return { batches, spent };
    await Promise.race(running);
  }
}
