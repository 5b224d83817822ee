import { cron } from "inngest";
import { connectors } from "@/lib/connectors/registry";
import { getWorker } from "@/lib/runtime";
import { createDueTasks } from "@/lib/tasks/create-due-tasks";
import { startBatches } from "@/lib/tasks/start-batches";
import { untilTheMinute } from "@/lib/tasks/until-the-minute";
import { nominalSeconds } from "@/lib/time";
import { inngest } from "../client";
import { dispatchRequested } from "../events";
import { sendQueuedBatches } from "../send-batches";

const resolutions = Object.fromEntries(
  connectors.map((connector) => [connector.type, nominalSeconds(connector.resolution)]),
);

/**
 * Every minute, and at once when somebody gave work to do. Asks what is due, never what time it is: a tick that was skipped or
 * replayed changes nothing.
 */
export const dispatchDueTasks = inngest.createFunction(
  { id: "dispatch-due-tasks", triggers: [cron("* * * * *"), dispatchRequested], concurrency: 1, retries: 1 },
  async ({ event, step }) => {
    const { db, now } = getWorker();
    const isTick = event.name !== dispatchRequested.event;
    const due = await step.run("create-due-tasks", async () => {
      if (isTick) await untilTheMinute(now);
      return createDueTasks(db, now(), resolutions);
    });
    const started = await step.run("start-batches", () => startBatches(db, sendQueuedBatches, now()));
    return { due, started };
  },
);
