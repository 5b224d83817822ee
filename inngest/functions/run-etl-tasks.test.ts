import { count, eq } from "drizzle-orm";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { meterData, meterTasks, taskBatches } from "@/lib/db/schema";
import { testDatabase } from "@/lib/db/testing";
import { anApiMeter, aWorker, type TestWorker } from "@/lib/pipeline/etl/testing";
import { createDueTasks } from "@/lib/tasks/create-due-tasks";
import { reconcileTasks } from "@/lib/tasks/reconcile-tasks";
import { aJob } from "@/lib/testing/builders";
import { keys } from "../local-server/testing/app";
import { World } from "../local-server/testing/world";

// The functions as they are, through the SDK and the local server; only the vendor is a function.
const database = testDatabase();
const now = () => new Date();
const resolutions = { WattWatchers: 300 };
let world: World;
let worker: TestWorker;
let answer: (url: URL) => Response;
vi.mock("@/lib/runtime", () => ({ getWorker: () => worker }));

function readings(url: URL): Response {
  const rows = [];
  for (let end = Number(url.searchParams.get("fromTs")); end < Number(url.searchParams.get("toTs")); end += 300) {
    rows.push({
      timestamp: end,
      duration: 300,
      eRealKwh: [0.5],
      eRealPositiveKwh: [0.5],
      eRealNegativeKwh: [0],
      eReactiveKwh: [0],
      vRMSMin: [229],
      vRMSMax: [231],
      iRMSMin: [1],
      iRMSMax: [2],
    });
  }
  return Response.json(rows);
}

async function serve() {
  world = await World.create(database.url, () => []);
  process.env.INNGEST_BASE_URL = world.url;
  process.env.INNGEST_SIGNING_KEY = keys.signingKey;
  process.env.INNGEST_EVENT_KEY = keys.eventKey;
  vi.resetModules();
  const app = await import("../index");
  const { tasksDue } = await import("../events");
  world.app.mount(app.inngest, [...app.functions]);
  // Not the empty app that the world began with: an event that comes before its function starts nothing.
  await world.until(async () => (await world.registeredFunctions()).length >= app.functions.length);
  return { wake: () => app.inngest.send(tasksDue.create({ dueAt: now().toISOString() })) };
}

beforeEach(async () => {
  answer = readings;
  worker = await aWorker(database.db, { vendor: () => null, answer: (url) => answer(url) }, now);
});

afterEach(async () => {
  await world.close();
});

/** A job of so many five-minute intervals that are all due. */
async function aDueJob(intervals: number, values: Parameters<typeof aJob>[1] = {}) {
  const meter = await anApiMeter(database.db, { timezone: "UTC" });
  const end = Math.floor(Date.now() / 300_000) * 300_000 - 3_600_000;
  const startAt = new Date(end - intervals * 300_000);
  return aJob(database.db, {
    meterId: meter.id,
    interval: "PT5M",
    timezone: "UTC",
    startAt,
    endAt: new Date(end),
    ...values,
  });
}

const statesOf = async (jobId: string) => {
  const rows = await database.db
    .select({ state: meterTasks.state, tasks: count() })
    .from(meterTasks)
    .where(eq(meterTasks.jobId, jobId))
    .groupBy(meterTasks.state);
  return Object.fromEntries(rows.map((row) => [row.state, row.tasks]));
};

describe("run-etl-tasks", () => {
  it("works through a backfill of several batches without waiting for the minute, with few calls", async () => {
    const job = await aDueJob(4500);
    const { wake } = await serve();
    await createDueTasks(database.db, now(), resolutions);
    await wake();
    await vi.waitFor(async () => expect(await statesOf(job.id)).toEqual({ succeeded: 4500 }), {
      timeout: 170_000,
      interval: 250,
    });
    expect(await database.db.$count(meterData, eq(meterData.meterId, job.meterId))).toBe(4500);
    expect(worker.calls.length).toBeLessThanOrEqual(6);
    await vi.waitFor(async () => {
      const batches = await database.db.select().from(taskBatches);
      expect(batches.map((batch) => batch.taskCount).sort()).toEqual([2016, 2016, 468]);
      expect(batches.every((batch) => batch.finishedAt && batch.runId)).toBe(true);
    });
  }, 180_000);

  it("brings a task back after the vendor's Retry-After, and keeps the failed attempt", async () => {
    const job = await aDueJob(1);
    let isBusy = true;
    answer = (url) => {
      if (!isBusy) return readings(url);
      isBusy = false;
      const body = { code: "TOO_MANY_REQUESTS_TPS", httpCode: 429, message: "Too many requests" };
      return Response.json(body, { status: 429, headers: { "Retry-After": "1" } });
    };
    const { wake } = await serve();
    await createDueTasks(database.db, now(), resolutions);
    await wake();
    await vi.waitFor(async () => expect(await statesOf(job.id)).toEqual({ succeeded: 1 }), {
      timeout: 110_000,
      interval: 250,
    });
    const [task] = await database.db.select().from(meterTasks).where(eq(meterTasks.jobId, job.id));
    expect(task?.executionErrs).toMatchObject([{ stage: "collection", attempt: 1, isRetryable: true }]);
  }, 120_000);

  it("lets a run that was taken back write nothing, and the new one finish", async () => {
    const job = await aDueJob(3);
    let release: (() => void) | undefined;
    const isHeld = new Promise<void>((resolve) => {
      release = resolve;
    });
    const fetchNow = worker.fetch;
    let calls = 0;
    worker.fetch = async (...args) => {
      calls += 1;
      if (calls === 1) await isHeld;
      return fetchNow(...args);
    };
    const { wake } = await serve();
    await createDueTasks(database.db, now(), resolutions);
    await wake();
    await vi.waitFor(() => expect(calls).toBe(1), { timeout: 60_000 });
    // As if the process had been silent: the reconciler of two minutes later.
    await reconcileTasks(database.db, new Date(Date.now() + 120_000));
    await wake();
    await vi.waitFor(async () => expect(await statesOf(job.id)).toEqual({ succeeded: 3 }), {
      timeout: 60_000,
      interval: 250,
    });
    release?.();
    await world.until(async () => {
      const rows = await database.db.select().from(taskBatches);
      return rows.every((batch) => batch.finishedAt !== null);
    });
    const tasks = await database.db.select().from(meterTasks).where(eq(meterTasks.jobId, job.id));
    expect(tasks.map((task) => [task.state, task.timings.length, task.readingsPresent])).toEqual(
      Array.from({ length: 3 }, () => ["succeeded", 3, 1]),
    );
  }, 120_000);
});
