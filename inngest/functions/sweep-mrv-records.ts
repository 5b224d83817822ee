import { cron } from "inngest";
import { sweepSubmissions } from "@/lib/mrv/submission/sweep-submissions";
import { getWorker } from "@/lib/runtime";
import { inngest } from "../client";
import { dispatchRequested, recordApproved } from "../events";

const MOST_EVENTS = 500;

/** Until a lost event is sent anew. Sooner, those of a long queue would be sent again every minute. */
const AGAIN_AFTER_MS = 300_000;

/**
 * Every minute, and at once when somebody approved: hands what is due to `submit-mrv-record`, and writes down as unknown what is lost from sight. Asks
 * what is due, never what was approved.
 */
export const sweepMrvRecords = inngest.createFunction(
  { id: "sweep-mrv-records", triggers: [cron("* * * * *"), dispatchRequested], concurrency: 1, retries: 1 },
  async ({ step }) => {
    const { lost, due, round } = await step.run("sweep", async () => {
      const worker = getWorker();
      return { ...(await sweepSubmissions(worker)), round: Math.floor(worker.now().getTime() / AGAIN_AFTER_MS) };
    });
    for (let index = 0; index < due.length; index += MOST_EVENTS) {
      const events = due
        .slice(index, index + MOST_EVENTS)
        .map(({ recordId, guardian, dueAt }) =>
          recordApproved.create({ recordId, guardian }, { id: `${recordId}:${dueAt}:${round}` }),
        );
      await step.sendEvent(`submit-${index}`, events);
    }
    return { lost, due: due.length };
  },
);
