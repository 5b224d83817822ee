import { eq } from "drizzle-orm";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { meterTasks } from "@/lib/db/schema";
import { testDatabase } from "@/lib/db/testing";
import { anApiMeter, aWorker, type TestWorker } from "@/lib/pipeline/etl/testing";
import { aJob } from "@/lib/testing/builders";
import { keys } from "../local-server/testing/app";
import { World } from "../local-server/testing/world";

const database = testDatabase();
const HOUR_MS = 3_600_000;
let world: World;
let worker: TestWorker;
vi.mock("@/lib/runtime", () => ({ getWorker: () => worker }));

// A quarter past: no minute is about to begin, which a tick would wait for.
const now = () => new Date("2026-03-01T12:00:15Z");

beforeEach(async () => {
  worker = await aWorker(database.db, { vendor: () => null, answer: () => Response.json([]) }, now);
  world = await World.create(database.url, () => []);
  Object.assign(process.env, {
    INNGEST_BASE_URL: world.url,
    INNGEST_SIGNING_KEY: keys.signingKey,
    INNGEST_EVENT_KEY: keys.eventKey,
  });
  vi.resetModules();
});

afterEach(() => world.close());

it("makes and starts the tasks of a new job at once when it is asked to", async () => {
  const app = await import("../index");
  const { sendDispatchRequest } = await import("../send-dispatch-request");
  const { dispatchDueTasks } = await import("./dispatch-due-tasks");
  // Without its schedule: whatever is made was asked for.
  const asked = app.inngest.createFunction(
    { ...dispatchDueTasks.opts, triggers: dispatchDueTasks.opts.triggers?.filter((trigger) => !("cron" in trigger)) },
    Reflect.get(dispatchDueTasks, "fn"),
  );
  world.app.mount(app.inngest, [asked]);
  // Not the empty app that the world began with: an event that comes before its function starts nothing.
  await world.until(async () => (await world.registeredFunctions()).length === 1);
  const meter = await anApiMeter(database.db, { timezone: "UTC" });
  const startAt = new Date(now().getTime() - 4 * HOUR_MS);
  const job = await aJob(database.db, {
    meterId: meter.id,
    interval: "PT1H",
    timezone: "UTC",
    startAt,
    endAt: new Date(startAt.getTime() + 2 * HOUR_MS),
  });
  await sendDispatchRequest();
  await vi.waitFor(
    async () => {
      const tasks = await database.db.select().from(meterTasks).where(eq(meterTasks.jobId, job.id));
      expect(tasks.map(({ state }) => state)).toEqual(["queued", "queued"]);
    },
    { timeout: 45_000, interval: 100 },
  );
}, 90_000);
