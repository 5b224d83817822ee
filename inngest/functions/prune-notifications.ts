import { cron } from "inngest";
import { pruneNotifications } from "@/lib/notifications/prune-notifications";
import { getWorker } from "@/lib/runtime";
import { inngest } from "../client";

/** What is left after so many is the next night's. */
const MOST_STEPS = 50;

/** Once a night: incidents and messages that nobody asks for any more. */
export const pruneOldNotifications = inngest.createFunction(
  { id: "prune-notifications", triggers: [cron("23 3 * * *")], concurrency: 1, retries: 1 },
  async ({ step }) => {
    const { db, now } = getWorker();
    const sum = { incidents: 0, messages: 0 };
    for (let index = 1; index <= MOST_STEPS; index++) {
      const pruned = await step.run(`prune-${index}`, () => pruneNotifications(db, now()));
      sum.incidents += pruned.incidents;
      sum.messages += pruned.messages;
      if (!pruned.isLeft) break;
    }
    return sum;
  },
);
