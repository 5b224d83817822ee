import { cron } from "inngest";
import { runRecomputes } from "@/lib/factors/recompute/run-recompute";
import { getWorker } from "@/lib/runtime";
import { inngest } from "../client";

/** A run ends after so many steps; the next minute's goes on. */
const MOST_STEPS = 30;

/** Asks what is open, never what was ordered: an order that is stored is worked off, whatever was lost on the way. */
export const recomputeCarbon = inngest.createFunction(
  { id: "recompute-carbon", triggers: [cron("* * * * *")], concurrency: 1, retries: 1 },
  async ({ step }) => {
    const { db, now } = getWorker();
    let rows = 0;
    for (let index = 1; index <= MOST_STEPS; index++) {
      const worked = await step.run(`parts-${index}`, () => runRecomputes(db, now));
      rows += worked.rows;
      if (!worked.isLeft) break;
    }
    return { rows };
  },
);
