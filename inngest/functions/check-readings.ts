import { cron } from "inngest";
import { checkReadings } from "@/lib/findings/check-readings";
import { getWorker } from "@/lib/runtime";
import { inngest } from "../client";

/** How long one tick works: what is left is noted in Postgres and is the next one's. */
const SECONDS = 30;
const QUIET_SECONDS = 20;

/** After ingestion and apart from it: what is to be checked, Postgres knows. */
export const checkNewReadings = inngest.createFunction(
  { id: "check-readings", triggers: [cron("* * * * *")], concurrency: 1, retries: 1 },
  async ({ step }) => {
    const { db, now } = getWorker();
    const until = new Date(now().getTime() + SECONDS * 1000);
    return step.run("check", () => checkReadings(db, now, until, QUIET_SECONDS));
  },
);
