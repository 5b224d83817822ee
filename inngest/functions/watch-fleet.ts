import { cron } from "inngest";
import { watchIncidents } from "@/lib/notifications/incidents/watch-incidents";
import { collectNotifications } from "@/lib/notifications/messages/collect-notifications";
import { getWorker } from "@/lib/runtime";
import { inngest } from "../client";
import { notificationsRecorded } from "../events";

/** What is late, failed or spent, and what people are told of it. Asks where everything stands, never what happened. */
export const watchFleet = inngest.createFunction(
  { id: "watch-fleet", triggers: [cron("* * * * *")], concurrency: 1, retries: 1 },
  async ({ step }) => {
    const { db, now, consoleUrl } = getWorker();
    const watched = await step.run("watch", () => watchIncidents(db, now()));
    const recorded = await step.run("collect", () => collectNotifications(db, { now: now(), consoleUrl }));
    if (recorded > 0) await step.sendEvent("deliver", notificationsRecorded.create({}));
    return { ...watched, recorded };
  },
);
