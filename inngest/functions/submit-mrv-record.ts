import { openSubmissions } from "@/lib/mrv/submission/limits";
import { submitRecord } from "@/lib/pipeline/mrv/submit";
import { getWorker } from "@/lib/runtime";
import { inngest } from "../client";
import { recordApproved } from "../events";

/** One record to its Guardian. A step that is done twice finds it on its way and leaves it alone. */
export const submitMrvRecord = inngest.createFunction(
  {
    id: "submit-mrv-record",
    triggers: [recordApproved],
    concurrency: [{ limit: openSubmissions.all }, { key: "event.data.guardian", limit: openSubmissions.perGuardian }],
    retries: 1,
  },
  async ({ event, step }) => {
    const { recordId, guardian } = event.data;
    const { outcome, retryAt } = await step.run("submit", () => submitRecord(getWorker(), recordId));
    if (retryAt) {
      const ts = Date.parse(retryAt);
      await step.sendEvent(
        "come-back",
        recordApproved.create({ recordId, guardian }, { id: `${recordId}:${retryAt}`, ts }),
      );
    }
    return { outcome, retryAt };
  },
);
