import { MOST_GUARDIANS } from "@/lib/mrv/submission/limits";
import { submitDue } from "@/lib/pipeline/mrv/submit-due";
import { getWorker } from "@/lib/runtime";
import { inngest } from "../client";
import { recordsDue } from "../events";

/** A run ends after so many steps, each of a few records; the next minute's goes on. */
const MOST_STEPS = 100;

/** What is due at one Guardian, a few records side by side. A step that is done twice finds them on their way and leaves them alone. */
export const submitMrvRecords = inngest.createFunction(
  {
    id: "submit-mrv-records",
    triggers: [recordsDue],
    concurrency: [{ limit: MOST_GUARDIANS }, { key: "event.data.guardian", limit: 1 }],
    retries: 3,
  },
  async ({ event, step }) => {
    const { guardian } = event.data;
    let tried = 0;
    let comeBackAt: string | null = null;
    for (let index = 1; index <= MOST_STEPS; index++) {
      const sent = await step.run(`submit-${index}`, () => submitDue(getWorker(), guardian));
      if (sent.tried === 0) break;
      tried += sent.tried;
      if (sent.retryAt && (!comeBackAt || sent.retryAt < comeBackAt)) comeBackAt = sent.retryAt;
    }
    if (comeBackAt) await step.sendEvent("come-back", recordsDue.create({ guardian }, { ts: Date.parse(comeBackAt) }));
    return { tried, comeBackAt };
  },
);
