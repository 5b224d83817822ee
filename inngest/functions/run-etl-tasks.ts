import { collect } from "@/lib/pipeline/etl/collect";
import { ingest } from "@/lib/pipeline/etl/ingest";
import { transform } from "@/lib/pipeline/etl/transform";
import { getWorker } from "@/lib/runtime";
import { beginBatch } from "@/lib/tasks/begin-batch";
import { openBatches } from "@/lib/tasks/limits";
import { failBatch, settleBatch } from "@/lib/tasks/settle-batch";
import { startBatches } from "@/lib/tasks/start-batches";
import { inngest } from "../client";
import { tasksDue, tasksQueued } from "../events";
import { sendQueuedBatches } from "../send-batches";

/** One batch through its stages. What may heal later is already `waiting` in Postgres when a stage returns. */
export const runEtlTasks = inngest.createFunction(
  {
    id: "run-etl-tasks",
    triggers: [tasksQueued],
    // As many as batches can be open: what is sent also starts, and its heartbeat begins.
    concurrency: [
      { limit: openBatches.all },
      { key: "event.data.account", limit: openBatches.perAccount.live + openBatches.perAccount.backfill },
    ],
    onFailure: async ({ event, error, step }) => {
      const { db, now } = getWorker();
      const { batchId } = event.data.event.data;
      await step.run("fail-batch", () => failBatch(db, batchId, error, now()));
      await step.run("start-batches", () => startBatches(db, sendQueuedBatches, now()));
    },
  },
  async ({ event, step, runId }) => {
    const worker = getWorker();
    const { batchId } = event.data;
    const batch = { batchId, runId };
    const isOurs = await step.run("begin", () => beginBatch(worker.db, batch, worker.now()));
    if (!isOurs) return { batchId, skipped: "The batch is finished, was taken back, or has another run." };
    const collected = await step.run("collection", () => collect(worker, batch));
    const transformed = await step.run("transformation", () => transform(worker, batch));
    const ingested = await step.run("ingestion", () => ingest(worker, batch));
    const comeBacks = await step.run("settle", () => settleBatch(worker.db, batchId, worker.now()));
    if (comeBacks.length > 0) {
      const events = comeBacks.map((dueAt) =>
        tasksDue.create({ dueAt }, { id: `${batchId}:${dueAt}`, ts: Date.parse(dueAt) }),
      );
      await step.sendEvent("come-back", events);
    }
    await step.run("start-batches", () => startBatches(worker.db, sendQueuedBatches, worker.now()));
    return { batchId, collected, transformed, ingested };
  },
);
