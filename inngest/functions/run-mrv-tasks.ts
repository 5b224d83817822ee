import { extract } from "@/lib/pipeline/mrv/extract";
import { verify } from "@/lib/pipeline/mrv/verify";
import { getWorker } from "@/lib/runtime";
import { beginBatch } from "@/lib/tasks/begin-batch";
import { openBatches } from "@/lib/tasks/limits";
import { failBatch, settleBatch } from "@/lib/tasks/settle-batch";
import { startBatches } from "@/lib/tasks/start-batches";
import { inngest } from "../client";
import { mrvTasksQueued, tasksDue } from "../events";
import { sendQueuedBatches } from "../send-batches";

/** One batch of records from their readings to the reviewer. What is approved leaves by itself, through the outbox. */
export const runMrvTasks = inngest.createFunction(
  {
    id: "run-mrv-tasks",
    triggers: [mrvTasksQueued],
    // As many as batches can be open: what is sent also starts.
    concurrency: openBatches.mrv.live + openBatches.mrv.backfill,
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
    const extracted = await step.run("extraction", () => extract(worker, batch));
    const verified = await step.run("verification", () => verify(worker, batch));
    const comeBacks = await step.run("settle", () => settleBatch(worker.db, batchId, worker.now()));
    if (comeBacks.length > 0) {
      const events = comeBacks.map((dueAt) =>
        tasksDue.create({ dueAt }, { id: `${batchId}:${dueAt}`, ts: Date.parse(dueAt) }),
      );
      await step.sendEvent("come-back", events);
    }
    await step.run("start-batches", () => startBatches(worker.db, sendQueuedBatches, worker.now()));
    return { batchId, extracted, verified };
  },
);
