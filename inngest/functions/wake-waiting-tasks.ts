import { getWorker } from "@/lib/runtime";
import { startBatches } from "@/lib/tasks/start-batches";
import { inngest } from "../client";
import { tasksDue } from "../events";
import { sendQueuedBatches } from "../send-batches";

/** Tasks that wait seconds come back in seconds; the minute's dispatch is the safety net. */
export const wakeWaitingTasks = inngest.createFunction(
  { id: "wake-waiting-tasks", triggers: [tasksDue], concurrency: 1, retries: 1 },
  async ({ step }) => {
    const { db, now } = getWorker();
    return step.run("start-batches", () => startBatches(db, sendQueuedBatches, now()));
  },
);
