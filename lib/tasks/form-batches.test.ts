import { eq, inArray, sql } from "drizzle-orm";
import { beforeEach, describe, expect, it } from "vitest";
import { backfills, meterJobs } from "../db/schema/jobs";
import { meters } from "../db/schema/meters";
import { sourceQuotas } from "../db/schema/quotas";
import { meterTasks, taskBatches } from "../db/schema/tasks";
import { testDatabase } from "../db/testing";
import { withTx } from "../db/tx";
import { aBackfill, aJob, aMeter, aTask, type JobRow } from "../testing/builders";
import { formBatches } from "./form-batches";
import { batchSize, openBatches } from "./limits";

const database = testDatabase();
const now = new Date("2026-03-01T00:00:00Z");

// Every test has the fleet to itself.
beforeEach(async () => {
  await database.db.delete(meterTasks);
  await database.db.delete(taskBatches);
  await database.db.delete(sourceQuotas);
});

const account = "WattWatchers:one";
const finish = (batchId: string) =>
  database.db.update(taskBatches).set({ finishedAt: now }).where(eq(taskBatches.id, batchId));
const tasksOf = (batchId: string) => database.db.select().from(meterTasks).where(eq(meterTasks.batchId, batchId));
const states = async () => {
  const rows = await database.db
    .select({ state: meterTasks.state, count: sql<number>`count(*)::int` })
    .from(meterTasks)
    .groupBy(meterTasks.state);
  return Object.fromEntries(rows.map((row) => [row.state, row.count]));
};

/** Consecutive five-minute tasks that end at `now`, oldest first, one reading each. */
async function manyTasks(job: JobRow, count: number, priority: number) {
  await database.db.execute(sql`
    insert into meter_tasks (job_id, meter_id, type, interval_start, interval_end, due_at, stage, priority, readings_expected)
    select ${job.id}, ${job.meterId}, 'etl', at, at + interval '5 minutes', at + interval '5 minutes', 'collection', ${priority}::int, 1
    from generate_series(1, ${count}::int) n, lateral (select ${now.toISOString()}::timestamptz - n * interval '5 minutes' as at) x`);
}

const aJobOf = async (accountKey: string) =>
  aJob(database.db, { meterId: (await aMeter(database.db, { accountKey })).id, interval: "PT5M" });

describe("formBatches", () => {
  it("never puts uploads with what asks a source, and lets no spent quota hold them", async () => {
    const meter = await aMeter(database.db, { accountKey: account });
    const live = await aJob(database.db, { meterId: meter.id });
    const upload = await aJob(database.db, { meterId: meter.id, trigger: "upload", status: "ended" });
    for (const job of [live, upload]) await aTask(database.db, { job, priority: 2 });
    const spent = { accountKey: account, window: "day" as const, limit: 1, used: 1, windowStart: now, updatedAt: now };
    await database.db.insert(sourceQuotas).values({ ...spent, resetAt: new Date(now.getTime() + 3_600_000) });
    const formed = await formBatches(database.db, now);
    expect(formed).toMatchObject([{ account: `upload:${meter.id}`, taskCount: 1 }]);
    expect(await tasksOf(formed[0]?.batchId ?? "")).toMatchObject([{ jobId: upload.id }]);
    // One at a time of a meter.
    await aTask(database.db, { job: upload, intervalStart: new Date("2026-01-05T13:00:00Z") });
    expect(await formBatches(database.db, now)).toEqual([]);
  });

  it("leaves places to live work, however many meters have uploads", async () => {
    for (let index = 0; index < openBatches.all; index++) {
      const job = await aJob(database.db, { trigger: "upload", status: "ended" });
      await aTask(database.db, { job });
    }
    expect(await formBatches(database.db, now)).toHaveLength(openBatches.backfill);
  });

  it("keeps a bounded number in flight of a job of 100,000 intervals, oldest consecutive first", async () => {
    const job = await aJobOf(account);
    await manyTasks(job, 100_000, 2);
    const formed = await formBatches(database.db, now);
    expect(formed.map((batch) => batch.taskCount)).toEqual([2016, 2016]);
    expect(await formBatches(database.db, now)).toEqual([]);
    expect(await states()).toEqual({ pending: 100_000 - 2 * 2016, queued: 2 * 2016 });

    const starts = (await tasksOf(formed[0]?.batchId ?? "")).map((task) => task.intervalStart.getTime()).sort();
    expect(starts[0]).toBe(now.getTime() - 100_000 * 300_000);
    expect((starts.at(-1) ?? 0) - (starts[0] ?? 0)).toBe(2015 * 300_000);

    await finish(formed[0]?.batchId ?? "");
    expect(await formBatches(database.db, now)).toHaveLength(1);
  }, 90_000);

  it("never starves live work behind backfills, of the same account or of others", async () => {
    for (const key of ["a", "b", "c", "d"]) await manyTasks(await aJobOf(`WattWatchers:${key}`), 5000, 2);
    const running = await formBatches(database.db, now);
    expect(running).toHaveLength(openBatches.backfill);

    const live = await aJobOf("WattWatchers:a");
    const elsewhere = await aJobOf("WattWatchers:z");
    await manyTasks(live, 1, 0);
    await manyTasks(elsewhere, 1, 0);
    const formed = await formBatches(database.db, now);
    expect(formed.map((batch) => [batch.account, batch.isBackfill]).sort()).toEqual([
      ["WattWatchers:a", false],
      ["WattWatchers:z", false],
    ]);
  });

  it("puts the newest intervals of many meters of one account into one live batch", async () => {
    for (let meter = 0; meter < 5; meter++) await manyTasks(await aJobOf(account), 2, 0);
    const [batch, ...rest] = await formBatches(database.db, now);
    expect(rest).toEqual([]);
    const tasks = await tasksOf(batch?.batchId ?? "");
    expect(tasks).toHaveLength(10);
    expect(new Set(tasks.map((task) => task.meterId)).size).toBe(5);
    expect(tasks.every((task) => task.state === "queued" && task.queuedAt?.getTime() === now.getTime())).toBe(true);
  });

  it("mixes no accounts, and bounds all that is open", async () => {
    for (let index = 0; index < 12; index++) await manyTasks(await aJobOf(`WattWatchers:${index}`), 1, 0);
    const formed = await formBatches(database.db, now);
    expect(formed).toHaveLength(openBatches.all);
    expect(new Set(formed.map((batch) => batch.account)).size).toBe(openBatches.all);
    for (const batch of formed) await finish(batch.batchId);
    expect(await formBatches(database.db, now)).toHaveLength(12 - openBatches.all);
  });

  it("limits a batch by its expected readings", async () => {
    const job = await aJobOf(account);
    await manyTasks(job, 20, 2);
    await database.db.update(meterTasks).set({ readingsExpected: 8000 });
    const formed = await formBatches(database.db, now);
    expect(formed.map((batch) => batch.taskCount)).toEqual([2, 2]);
    await database.db.update(meterTasks).set({ readingsExpected: 10 * batchSize.expectedReadings });
    await finish(formed[0]?.batchId ?? "");
    expect((await formBatches(database.db, now)).map((batch) => batch.taskCount)).toEqual([1]);
  });

  it("gives a second job of the account the second place, whatever the first has left", async () => {
    const first = await aJobOf(account);
    await manyTasks(first, 10_000, 2);
    const [running] = await formBatches(database.db, now);
    const second = await aJobOf(account);
    await manyTasks(second, 3000, 2);
    await finish(running?.batchId ?? "");
    const [next] = await formBatches(database.db, now);
    const jobs = new Set((await tasksOf(next?.batchId ?? "")).map((task) => task.jobId));
    expect([...jobs]).toEqual([second.id]);
  });

  it("fills one batch from many jobs that have few intervals to catch up", async () => {
    for (let index = 0; index < 20; index++) await manyTasks(await aJobOf(account), 7, 2);
    expect((await formBatches(database.db, now)).map((batch) => batch.taskCount)).toEqual([140]);
  });

  it("leaves what must wait: paused jobs and backfills, archived meters, waiting tasks", async () => {
    const paused = await aJobOf(account);
    await manyTasks(paused, 3, 0);
    await database.db.update(meterJobs).set({ status: "paused" }).where(eq(meterJobs.id, paused.id));
    const archived = await aJobOf(account);
    await manyTasks(archived, 3, 2);
    await database.db.update(meters).set({ archivedAt: now }).where(eq(meters.id, archived.meterId));
    const job = await aJobOf(account);
    const backfill = await aBackfill(database.db, { jobId: job.id, status: "paused" });
    await aTask(database.db, { job, priority: 2, backfillId: backfill.id });
    await aTask(database.db, {
      job,
      intervalStart: new Date("2026-02-01T00:00:00Z"),
      state: "waiting",
      waitReason: "retry",
    });
    expect(await formBatches(database.db, now)).toEqual([]);
    await database.db.update(backfills).set({ status: "running" });
    expect(await formBatches(database.db, now)).toMatchObject([{ taskCount: 1 }]);
  });

  it("finishes what an ended job has left", async () => {
    const job = await aJobOf(account);
    await manyTasks(job, 2, 0);
    await database.db.update(meterJobs).set({ status: "ended" }).where(eq(meterJobs.id, job.id));
    expect(await formBatches(database.db, now)).toMatchObject([{ taskCount: 2 }]);
  });

  it("holds a backfill back while the day's quota is spent, live work asks for itself", async () => {
    const job = await aJobOf(account);
    await manyTasks(job, 5, 2);
    await manyTasks(await aJobOf(account), 1, 0);
    const spent = {
      accountKey: account,
      window: "day" as const,
      limit: 10,
      used: 10,
      windowStart: now,
      updatedAt: now,
    };
    await database.db.insert(sourceQuotas).values({ ...spent, resetAt: new Date(now.getTime() + 1000) });
    expect((await formBatches(database.db, now)).map((batch) => batch.isBackfill)).toEqual([false]);
    expect((await formBatches(database.db, new Date(now.getTime() + 1000))).map((batch) => batch.isBackfill)).toEqual([
      true,
    ]);
  });

  it("puts a task into one batch when formers race, and keeps the limits", async () => {
    for (const key of ["a", "b", "c"]) {
      const job = await aJobOf(`WattWatchers:${key}`);
      await manyTasks(job, 5000, 2);
      await manyTasks(await aJobOf(`WattWatchers:${key}`), 20, 0);
    }
    const formed = (await Promise.all(Array.from({ length: 4 }, () => formBatches(database.db, now)))).flat();
    expect(formed.length).toBe(openBatches.all);
    const [row] = await database.db
      .select({ queued: sql<number>`count(*)::int` })
      .from(meterTasks)
      .where(
        inArray(
          meterTasks.batchId,
          formed.map((batch) => batch.batchId),
        ),
      );
    expect(row?.queued).toBe(formed.reduce((sum, batch) => sum + batch.taskCount, 0));
  });

  it("does not wait for a task that somebody is changing", async () => {
    const task = await aTask(database.db, { job: await aJobOf(account) });
    await withTx(database.db, async (tx) => {
      await tx.update(meterTasks).set({ state: "cancelled" }).where(eq(meterTasks.id, task.id));
      expect(await formBatches(database.db, now)).toEqual([]);
    });
    expect(await states()).toEqual({ cancelled: 1 });
  });
});
