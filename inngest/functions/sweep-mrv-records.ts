import { cron } from "inngest";
import { sweepSubmissions } from "@/lib/mrv/submission/sweep-submissions";
import { getWorker } from "@/lib/runtime";
import { inngest } from "../client";
import { dispatchRequested, recordsDue } from "../events";

/**
 * Every minute, and at once when somebody approved: starts a run for each Guardian that something is due for, and writes down as unknown what is lost
 * from sight. Asks what is due, never what was approved.
 */
export const sweepMrvRecords = inngest.createFunction(
  { id: "sweep-mrv-records", triggers: [cron("* * * * *"), dispatchRequested], concurrency: 1, retries: 1 },
  async ({ step }) => {
    const swept = await step.run("sweep", () => sweepSubmissions(getWorker()));
    const events = swept.guardians.map((guardian) => recordsDue.create({ guardian }));
    if (events.length > 0) await step.sendEvent("submit", events);
    return swept;
  },
);
