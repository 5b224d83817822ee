import { cron } from "inngest";
import { flagRestated } from "@/lib/mrv/extraction/flag-restated";
import { getWorker } from "@/lib/runtime";
import { startBatches } from "@/lib/tasks/start-batches";
import { inngest } from "../client";
import { sendQueuedBatches } from "../send-batches";

/** Compares records with readings that changed: settled ones are flagged, those that wait for review are made again. */
export const flagRestatedRecords = inngest.createFunction(
  { id: "flag-restated-records", triggers: [cron("* * * * *")], concurrency: 1, retries: 1 },
  async ({ step }) => {
    const worker = getWorker();
    const changed = await step.run("compare", () => flagRestated(worker));
    if (changed === 0) return { changed };
    const started = await step.run("start-batches", () => startBatches(worker.db, sendQueuedBatches, worker.now()));
    return { changed, started };
  },
);
