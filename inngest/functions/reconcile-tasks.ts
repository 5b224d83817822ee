import { cron } from "inngest";
import { finishBackfills } from "@/lib/jobs/backfill/finish-backfills";
import { getWorker } from "@/lib/runtime";
import { reconcileTasks } from "@/lib/tasks/reconcile-tasks";
import { startBatches } from "@/lib/tasks/start-batches";
import { inngest } from "../client";
import { sendQueuedBatches } from "../send-batches";

/** Takes back what lost workers held, sends it again, and closes backfills that are done. */
export const reconcile = inngest.createFunction(
  { id: "reconcile-tasks", triggers: [cron("* * * * *")], concurrency: 1, retries: 1 },
  async ({ step }) => {
    const { db, now } = getWorker();
    const takenBack = await step.run("take-back", () => reconcileTasks(db, now()));
    const started = await step.run("start-batches", () => startBatches(db, sendQueuedBatches, now()));
    const backfillsDone = await step.run("finish-backfills", () => finishBackfills(db, now()));
    return { takenBack, started, backfillsDone };
  },
);
