import { eq } from "drizzle-orm";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { meterTasks, mrvRecords, taskBatches } from "@/lib/db/schema";
import { testDatabase } from "@/lib/db/testing";
import { aBatchOf, runStages, type TestWorker } from "@/lib/pipeline/etl/testing";
import { aSite } from "@/lib/pipeline/mrv/testing";
import { createDueTasks } from "@/lib/tasks/create-due-tasks";
import { settleBatch } from "@/lib/tasks/settle-batch";
import { aJob } from "@/lib/testing/builders";
import { keys } from "../local-server/testing/app";
import { World } from "../local-server/testing/world";

// The functions as they are, through the SDK and the local server.
const database = testDatabase();
const now = () => new Date();
const resolutions = { WattWatchers: 300 };
let world: World;
let worker: TestWorker;
vi.mock("@/lib/runtime", () => ({ getWorker: () => worker }));

async function serve() {
  world = await World.create(database.url, () => []);
  process.env.INNGEST_BASE_URL = world.url;
  process.env.INNGEST_SIGNING_KEY = keys.signingKey;
  process.env.INNGEST_EVENT_KEY = keys.eventKey;
  vi.resetModules();
  const app = await import("../index");
  const { tasksDue } = await import("../events");
  world.app.mount(app.inngest, [...app.functions]);
  await world.until(async () => (await world.registeredFunctions()).length >= app.functions.length);
  return { wake: () => app.inngest.send(tasksDue.create({ dueAt: now().toISOString() })) };
}

beforeEach(async () => {
  await database.db.delete(mrvRecords);
  await database.db.delete(meterTasks);
  await database.db.delete(taskBatches);
});

afterEach(async () => {
  await world.close();
});

const days = ["2025-12-31T13:00:00Z", "2026-01-01T13:00:00Z", "2026-01-02T13:00:00Z"];
const tasksOf = (jobId: string) => database.db.select().from(meterTasks).where(eq(meterTasks.jobId, jobId));

async function aDueSite() {
  const site = await aSite(database.db, {
    bounds: days,
    now,
    job: { endAt: new Date(days[2] ?? ""), nextIntervalAt: new Date(days[0] ?? "") },
  });
  worker = site.worker;
  return site;
}

it("makes the records of what is due, and leaves them to a reviewer", async () => {
  const site = await aDueSite();
  const { wake } = await serve();
  expect(await createDueTasks(database.db, now(), resolutions)).toEqual({ created: 2, passed: 2 });
  await wake();
  await world.until(async () => (await tasksOf(site.mrv.id)).every(({ waitReason }) => waitReason === "review"));
  const records = await database.db.select().from(mrvRecords);
  expect(records.map(({ status, readings }) => [status, readings])).toEqual([
    ["verified", 288],
    ["verified", 288],
  ]);
  const batches = () => database.db.select().from(taskBatches).where(eq(taskBatches.type, "mrv"));
  await world.until(async () => (await batches()).every(({ finishedAt }) => finishedAt !== null));
  expect(await batches()).toMatchObject([{ taskCount: 2, isBackfill: true }]);
});

it("takes up a record as soon as its collection is done, though its own next look is minutes away", async () => {
  const site = await aDueSite();
  const again = await aBatchOf(
    database.db,
    await aJob(database.db, { meterId: site.meter.id, status: "ended" }),
    days.slice(0, 2),
  );
  const { wake } = await serve();
  await createDueTasks(database.db, now(), resolutions);
  await wake();
  const waiting = async (reason: string) =>
    (await tasksOf(site.mrv.id)).filter(({ waitReason }) => waitReason === reason).length;
  await world.until(async () => (await waiting("review")) === 1 && (await waiting("data")) === 1);
  await runStages(worker, again);
  await settleBatch(database.db, again.batchId, now());
  await wake();
  await world.until(async () => (await waiting("review")) === 2);
});
