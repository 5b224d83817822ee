import { asc, eq } from "drizzle-orm";
import { beforeEach, describe, expect, it } from "vitest";
import { meterJobs } from "../db/schema/jobs";
import { meterTasks } from "../db/schema/tasks";
import { testDatabase } from "../db/testing";
import { aJob, aMeter, aTask, type JobRow } from "../testing/builders";
import { createDueTasks, createDueTasksOnce } from "./create-due-tasks";

const database = testDatabase();
// Every test has the fleet to itself.
beforeEach(async () => {
  await database.db.update(meterJobs).set({ status: "ended" });
});

const resolutions = { WattWatchers: 300 };

const tasksOf = (job: JobRow) =>
  database.db.select().from(meterTasks).where(eq(meterTasks.jobId, job.id)).orderBy(asc(meterTasks.intervalStart));

async function read(job: JobRow) {
  const [row] = await database.db.select().from(meterJobs).where(eq(meterJobs.id, job.id));
  if (!row) throw new Error("no such job");
  return row;
}

const everyFiveMinutes = (from: string) => ({ interval: "PT5M", startAt: new Date(from), timezone: "UTC" });

describe("createDueTasks", () => {
  it("catches up after a week of downtime once, without duplicates, behind live work", async () => {
    const job = await aJob(database.db, { ...everyFiveMinutes("2026-03-01T00:00:00Z"), delaySeconds: 600 });
    await createDueTasks(database.db, new Date("2026-03-01T00:15:00Z"), resolutions);
    expect((await tasksOf(job)).map((task) => task.priority)).toEqual([0]);

    const later = new Date("2026-03-08T00:15:00Z");
    await createDueTasks(database.db, later, resolutions);
    await createDueTasks(database.db, later, resolutions);
    const tasks = await tasksOf(job);
    expect(tasks).toHaveLength(7 * 288 + 1);
    expect(tasks.filter((task) => task.priority === 0)).toHaveLength(1 + 3);
    expect(tasks.at(-1)).toMatchObject({
      intervalStart: new Date("2026-03-08T00:00:00Z"),
      intervalEnd: new Date("2026-03-08T00:05:00Z"),
      dueAt: later,
      state: "pending",
      stage: "collection",
      priority: 0,
      readingsExpected: 1,
    });
    expect(await read(job)).toMatchObject({
      nextIntervalAt: new Date("2026-03-08T00:05:00Z"),
      latestTaskId: tasks.at(-1)?.id,
    });
  });

  it("makes an interval's task when its end and delay have passed, not a millisecond before", async () => {
    const job = await aJob(database.db, { ...everyFiveMinutes("2026-03-01T00:00:00Z"), delaySeconds: 120 });
    await createDueTasks(database.db, new Date("2026-03-01T00:06:59.999Z"), resolutions);
    expect(await tasksOf(job)).toHaveLength(0);
    await createDueTasks(database.db, new Date("2026-03-01T00:07:00Z"), resolutions);
    expect(await tasksOf(job)).toHaveLength(1);
  });

  it("gives days over a change of clocks 23 and 25 hours and their readings", async () => {
    const job = await aJob(database.db, { startAt: new Date("2026-04-03T13:00:00Z") });
    await createDueTasks(database.db, new Date("2026-04-06T14:00:00Z"), resolutions);
    expect((await tasksOf(job)).map((task) => [task.intervalStart.toISOString(), task.readingsExpected])).toEqual([
      ["2026-04-03T13:00:00.000Z", 288],
      ["2026-04-04T13:00:00.000Z", 300],
      ["2026-04-05T14:00:00.000Z", 288],
    ]);
    const spring = await aJob(database.db, { startAt: new Date("2026-10-03T14:00:00Z") });
    await createDueTasks(database.db, new Date("2026-10-04T13:00:00Z"), resolutions);
    expect((await tasksOf(spring)).map((task) => task.readingsExpected)).toEqual([276]);
  });

  it("takes months as they are", async () => {
    const job = await aJob(database.db, { interval: "P1M" });
    await createDueTasks(database.db, new Date("2026-05-01T00:00:00Z"), resolutions);
    expect((await tasksOf(job)).map((task) => task.intervalEnd.toISOString())).toEqual([
      "2026-01-31T13:00:00.000Z",
      "2026-02-28T13:00:00.000Z",
      "2026-03-31T13:00:00.000Z",
      "2026-04-30T14:00:00.000Z",
    ]);
  });

  it("ends a job after the interval that holds its end", async () => {
    const job = await aJob(database.db, {
      ...everyFiveMinutes("2026-03-01T00:00:00Z"),
      endAt: new Date("2026-03-01T00:12:00Z"),
    });
    await createDueTasks(database.db, new Date("2026-03-02T00:00:00Z"), resolutions);
    expect(await tasksOf(job)).toHaveLength(3);
    expect((await read(job)).status).toBe("ended");
  });

  it("creates nothing for paused and ended jobs and for archived meters", async () => {
    const archived = await aMeter(database.db, { archivedAt: new Date() });
    const jobs = [
      await aJob(database.db, { status: "paused" }),
      await aJob(database.db, { status: "ended" }),
      await aJob(database.db, { meterId: archived.id }),
    ];
    await createDueTasks(database.db, new Date("2026-02-01T00:00:00Z"), resolutions);
    for (const job of jobs) expect(await tasksOf(job)).toEqual([]);
  });

  it("passes intervals that a backfill created first", async () => {
    const job = await aJob(database.db, everyFiveMinutes("2026-03-01T00:00:00Z"));
    const first = await aTask(database.db, { job, intervalEnd: new Date("2026-03-01T00:05:00Z"), state: "succeeded" });
    const due = await createDueTasks(database.db, new Date("2026-03-01T00:10:00Z"), resolutions);
    expect(due).toEqual({ created: 1, passed: 2 });
    expect((await tasksOf(job)).map((task) => task.state)).toEqual(["succeeded", "pending"]);
    expect((await tasksOf(job))[0]?.id).toBe(first.id);
  });

  it("makes each task once when dispatchers race", async () => {
    const jobs = [];
    for (let index = 0; index < 5; index++)
      jobs.push(await aJob(database.db, everyFiveMinutes("2026-06-01T00:00:00Z")));
    const now = new Date("2026-06-04T00:00:00Z");
    const results = await Promise.all(Array.from({ length: 4 }, () => createDueTasks(database.db, now, resolutions)));
    // Who found a job locked left it to the other; the next tick finds nothing left over.
    expect(results.reduce((sum, result) => sum + result.created, 0)).toBe(5 * 3 * 288);
    expect(await createDueTasks(database.db, now, resolutions)).toEqual({ created: 0, passed: 0 });
    for (const job of jobs) expect(await tasksOf(job)).toHaveLength(3 * 288);
  });

  it("shares a bounded call over the jobs that are due", async () => {
    const long = await aJob(database.db, everyFiveMinutes("2020-01-01T00:00:00Z"));
    const short = await aJob(database.db, everyFiveMinutes("2026-07-01T00:00:00Z"));
    const due = await createDueTasksOnce(database.db, new Date("2026-07-01T00:10:00Z"), resolutions, 100);
    expect(due.created).toBeLessThanOrEqual(100);
    expect(await tasksOf(short)).toHaveLength(2);
    expect((await tasksOf(long)).length).toBeGreaterThan(10);
  });
});
