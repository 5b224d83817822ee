import { cron } from "inngest";
import { deliverNotifications } from "@/lib/notifications/delivery/deliver-notifications";
import { getWorker } from "@/lib/runtime";
import { inngest } from "../client";
import { notificationsRecorded } from "../events";

/** A run ends after so many steps, each as long as the slowest receiver takes; the next minute's goes on. */
const MOST_STEPS = 10;

/** Sends what is recorded and what is to be tried again. A step that is done twice finds it sent, or its id tells the receiver. */
export const deliverMessages = inngest.createFunction(
  { id: "deliver-messages", triggers: [cron("* * * * *"), notificationsRecorded], concurrency: 1, retries: 1 },
  async ({ step }) => {
    let tried = 0;
    for (let index = 1; index <= MOST_STEPS; index++) {
      const count = await step.run(`deliver-${index}`, () => deliverNotifications(getWorker()));
      tried += count;
      if (count === 0) break;
    }
    return { tried };
  },
);
