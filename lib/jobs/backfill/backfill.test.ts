import { asc, eq, sql } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import type { Actor } from "../../auth/actor";
import { auditLog } from "../../db/schema/audit";
import { sourceQuotas } from "../../db/schema/quotas";
import { meterTasks, taskBatches } from "../../db/schema/tasks";
import { testDatabase } from "../../db/testing";
import { Conflict, InvalidInput, NotPossibleNow } from "../../errors";
import { newId } from "../../ids";
import { formBatches } from "../../tasks/form-batches";
import { aBackfill, aBatch, aJob, aMeter, aTask, type JobRow } from "../../testing/builders";
import { pauseBackfill, resumeBackfill, stopBackfill } from "./control-backfill";
import { finishBackfills } from "./finish-backfills";
import { planBackfill } from "./plan-backfill";
import { backfillProgress, listBackfills } from "./progress";
import { startBackfill } from "./start-backfill";

const database = testDatabase();
const operator: Actor = { kind: "user", id: newId(), name: "Olga", roles: ["operator"] };
const ctx = () => ({ db: database.db, actor: operator });
const now = new Date("2026-02-01T00:00:00Z");

/** Start of the local day so many days after 2026-01-01 in Sydney (all of them in summer time). */
const day = (index: number) => new Date(Date.UTC(2025, 11, 31 + index, 13));

/** Ten days: 0–3 succeeded in full, 4 succeeded with readings missing, 5 failed, 6 cancelled, 7 running, 8 and 9 without a task. */
async function aMixedJob(values: Parameters<typeof aJob>[1] = {}) {
  const job = await aJob(database.db, { nextIntervalAt: day(10), ...values });
  const add = (index: number, columns: Parameters<typeof aTask>[1]) =>
    aTask(database.db, { job, intervalStart: day(index), intervalEnd: day(index + 1), ...columns });
  const done = { state: "succeeded", stage: "ingestion", finishedAt: now } as const;
  for (let index = 0; index < 4; index++) await add(index, { ...done, readingsPresent: 288 });
  await add(4, {
    ...done,
    readingsPresent: 280,
    timings: [{ stage: "ingestion", startedAt: "", endedAt: "", outcome: "succeeded" }],
  });
  await add(5, { state: "failed", retryCount: 5, finishedAt: now });
  await add(6, { state: "cancelled", finishedAt: now });
  await add(7, { state: "running" });
  return job;
}

const range = { from: day(0), to: day(10) };
const tasksOf = (job: JobRow) =>
  database.db.select().from(meterTasks).where(eq(meterTasks.jobId, job.id)).orderBy(asc(meterTasks.intervalStart));

describe("planBackfill", () => {
  it("says calls of both lists of Solcast, and what its history no longer has", async () => {
    const { id: meterId } = await aMeter(database.db, { type: "Solcast", settings: {} });
    const job = await aJob(database.db, { meterId, nextIntervalAt: day(10) });
    const plan = await planBackfill(ctx(), { jobId: job.id, ...range, mode: "missing" }, day(12));
    // Ten days are two ranges of at most seven.
    expect(plan.vendorCalls).toBe(4);
    expect(plan.notes).toContain("Solcast keeps 7 days: what is older fails at once, without a call.");
    const newest = { from: day(6), to: day(10) };
    const { notes } = await planBackfill(ctx(), { jobId: job.id, ...newest, mode: "missing" }, day(12));
    expect(notes).toEqual([]);
  });

  it("counts what each mode would do, and touches nothing", async () => {
    const job = await aMixedJob();
    const before = await tasksOf(job);
    const plan = (mode: "missing" | "failed" | "all") => planBackfill(ctx(), { jobId: job.id, ...range, mode }, now);
    expect((await plan("missing")).intervals).toEqual({
      inRange: 10,
      toCreate: 2,
      toRedo: 2,
      inFlight: 1,
      leftAlone: 5,
    });
    expect((await plan("failed")).intervals).toEqual({
      inRange: 10,
      toCreate: 0,
      toRedo: 1,
      inFlight: 1,
      leftAlone: 8,
    });
    const all = await plan("all");
    expect(all).toMatchObject({
      from: day(0),
      to: day(10),
      intervals: { inRange: 10, toCreate: 2, toRedo: 7, inFlight: 1, leftAlone: 0 },
      tasksByState: { succeeded: 5, failed: 1, cancelled: 1, running: 1 },
      readingsExpected: 9 * 288,
      // Days 0 to 6 are one call of seven days; 8 and 9 follow a gap.
      vendorCalls: 2,
      quota: null,
      readingsOverwritten: 0,
    });
    expect(await tasksOf(job)).toEqual(before);
  });

  it("takes failed and missing together, and says beside each mode's plan what the other modes name", async () => {
    const job = await aMixedJob();
    const plan = await planBackfill(ctx(), { jobId: job.id, ...range, mode: "incomplete" }, now);
    expect(plan.intervals).toEqual({ inRange: 10, toCreate: 2, toRedo: 3, inFlight: 1, leftAlone: 4 });
    expect(plan.tasksByMode).toEqual({ missing: 4, failed: 1, incomplete: 5, all: 9 });
  });

  it("does only the intervals that touch one of the ranges, and starts no other plan with its token", async () => {
    const job = await aMixedJob();
    const ranges = [
      // Half of day 1 is enough.
      { from: new Date(day(1).getTime() + 43_200_000), to: day(2) },
      { from: day(5), to: day(7) },
    ];
    const order = { jobId: job.id, ...range, mode: "all" as const, ranges };
    const plan = await planBackfill(ctx(), order, now);
    expect(plan).toMatchObject({ from: day(1), to: day(7), intervals: { inRange: 3, toRedo: 3 } });
    const { planToken } = plan;
    const fewer = { ...order, ranges: ranges.slice(0, 1), planToken };
    await expect(startBackfill(ctx(), fewer, now)).rejects.toThrow(Conflict);
    const backfill = await startBackfill(ctx(), { ...order, planToken }, now);
    const touched = (await tasksOf(job)).filter((task) => task.backfillId === backfill.id);
    expect(touched.map((task) => task.intervalStart)).toEqual([day(1), day(5), day(6)]);
  });

  it("says how long it takes from how long the newest backfills of the meter type took", async () => {
    const meter = await aMeter(database.db, { type: "NEM12", dataSourceType: "S3" });
    const job = await aMixedJob({ meterId: meter.id });
    const order = { jobId: job.id, ...range, mode: "all" as const };
    expect((await planBackfill(ctx(), order, now)).estimatedSeconds).toBeNull();
    const batch = { meterType: "NEM12", isBackfill: true, taskCount: 3, createdAt: now };
    for (const seconds of [20, 40]) {
      await aBatch(database.db, { ...batch, finishedAt: new Date(now.getTime() + seconds * 1000) });
    }
    // Nine tasks are three batches of 30 s, two at a time.
    expect((await planBackfill(ctx(), order, now)).estimatedSeconds).toBe(45);
  });

  it("says what is left of the account's quota", async () => {
    const meter = await aMeter(database.db);
    const job = await aMixedJob({ meterId: meter.id });
    const quota = {
      accountKey: meter.accountKey,
      window: "day" as const,
      limit: 100,
      used: 70,
      windowStart: now,
      updatedAt: now,
    };
    await database.db.insert(sourceQuotas).values({ ...quota, resetAt: day(33) });
    const order = { jobId: job.id, ...range, mode: "all" as const };
    expect((await planBackfill(ctx(), order, now)).quota).toEqual({ limit: 100, left: 30, resetAt: day(33) });
    expect((await planBackfill(ctx(), order, day(34))).quota).toEqual({ limit: 100, left: 100, resetAt: null });
  });

  it("stays inside the job and what is due, and says so", async () => {
    const job = await aMixedJob();
    const plan = await planBackfill(ctx(), { jobId: job.id, from: day(-30), to: day(60), mode: "all" }, now);
    expect(plan).toMatchObject({ from: day(0), to: day(10), intervals: { inRange: 10 } });
    expect(plan.notes.join(" ")).toMatch(/before the job.*not due yet/);
    await expect(planBackfill(ctx(), { jobId: job.id, from: day(2), to: day(2) }, now)).rejects.toThrow(InvalidInput);
  });

  it("plans a hundred thousand intervals in seconds", async () => {
    const job = await aJob(database.db, {
      interval: "PT5M",
      startAt: new Date("2025-01-01T00:00:00Z"),
      nextIntervalAt: new Date("2025-12-31T00:00:00Z"),
    });
    const order = { jobId: job.id, from: job.startAt, to: job.nextIntervalAt, mode: "missing" as const };
    const plan = await planBackfill(ctx(), order, now);
    expect(plan.intervals.toCreate).toBe(364 * 288);
    expect(plan.vendorCalls).toBe(52);
    const month = { ...order, to: new Date("2025-02-01T00:00:00Z") };
    const { planToken } = await planBackfill(ctx(), month, now);
    expect((await startBackfill(ctx(), { ...month, planToken }, now)).tasksByState).toEqual({ pending: 31 * 288 });
  }, 90_000);
});

describe("of an MRV job", () => {
  it("makes records of what has none, without calls, and never again of what was submitted", async () => {
    const job = await aMixedJob({ type: "mrv" });
    const order = { jobId: job.id, ...range, mode: "all" as const };
    const plan = await planBackfill(ctx(), order, now);
    expect(plan).toMatchObject({
      type: "mrv",
      // The failed day 5, the cancelled day 6, and days 8 and 9 without a task.
      intervals: { inRange: 10, toCreate: 2, toRedo: 2, inFlight: 1, leftAlone: 5 },
      vendorCalls: 0,
      quota: null,
      credential: null,
      readingsOverwritten: 0,
    });
    await expect(planBackfill(ctx(), { ...order, force: true }, now)).rejects.toMatchObject({
      fields: { force: expect.any(String) },
    });
    await startBackfill(ctx(), { ...order, planToken: plan.planToken }, now);
    const tasks = await tasksOf(job);
    expect(tasks.filter(({ state }) => state === "pending").map(({ type, stage }) => `${type} ${stage}`)).toEqual(
      Array.from({ length: 4 }, () => "mrv extraction"),
    );
  });
});

describe("startBackfill", () => {
  it("does what the plan showed: makes missing tasks and sends finished ones back to collection, behind live work", async () => {
    const job = await aMixedJob();
    const order = { jobId: job.id, ...range, mode: "all" as const, force: true };
    const { planToken } = await planBackfill(ctx(), order, now);
    const backfill = await startBackfill(ctx(), { ...order, planToken }, now);
    expect(backfill).toMatchObject({
      status: "running",
      taskCount: 9,
      tasksByState: { pending: 9 },
      createdBy: "Olga",
    });
    const tasks = await tasksOf(job);
    expect(tasks).toHaveLength(10);
    expect(tasks.filter((task) => task.backfillId === backfill.id)).toHaveLength(9);
    expect(tasks[5]).toMatchObject({
      state: "pending",
      stage: "collection",
      retryCount: 0,
      priority: 2,
      isForced: true,
      forcedBy: "Olga",
      finishedAt: null,
    });
    expect(tasks[7]).toMatchObject({ state: "running", backfillId: null });
    expect(tasks[9]).toMatchObject({ intervalStart: day(9), intervalEnd: day(10), readingsExpected: 288 });
    const [row] = await database.db.select().from(auditLog).where(eq(auditLog.objectId, backfill.id));
    expect(row).toMatchObject({ action: "backfill.started", meterId: job.meterId });
  });

  it("is refused when a task of the plan changed, when the order is another one, or when nothing is left to do", async () => {
    const job = await aMixedJob();
    const order = { jobId: job.id, ...range, mode: "failed" as const };
    const { planToken } = await planBackfill(ctx(), order, now);
    await expect(startBackfill(ctx(), { ...order, force: true, planToken }, now)).rejects.toThrow(Conflict);
    await database.db
      .update(meterTasks)
      .set({ state: "failed" })
      .where(eq(meterTasks.intervalStart, day(6)));
    await expect(startBackfill(ctx(), { ...order, planToken }, now)).rejects.toThrow(Conflict);
    const fresh = await planBackfill(ctx(), order, now);
    await startBackfill(ctx(), { ...order, planToken: fresh.planToken }, now);
    await expect(startBackfill(ctx(), { ...order, planToken: fresh.planToken }, now)).rejects.toThrow(Conflict);
    const empty = await planBackfill(ctx(), order, now);
    expect(empty.notes.join(" ")).toMatch(/nothing to do/);
    await expect(startBackfill(ctx(), { ...order, planToken: empty.planToken }, now)).rejects.toThrow(NotPossibleNow);
  });

  it("lets one of two people win who start the same plan at once", async () => {
    const job = await aMixedJob();
    const order = { jobId: job.id, ...range, mode: "missing" as const };
    const { planToken } = await planBackfill(ctx(), order, now);
    const results = await Promise.allSettled([1, 2].map(() => startBackfill(ctx(), { ...order, planToken }, now)));
    expect(results.map((result) => result.status).sort()).toEqual(["fulfilled", "rejected"]);
    expect(await tasksOf(job)).toHaveLength(10);
  });
});

it("says how fast a running backfill goes, and when it is about to end", async () => {
  const job = await aJob(database.db);
  const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000);
  const { id: backfillId } = await aBackfill(database.db, { jobId: job.id, createdAt: minutesAgo(30), taskCount: 12 });
  const add = (index: number, values: object) =>
    aTask(database.db, { job, backfillId, intervalStart: day(index), intervalEnd: day(index + 1), ...values });
  for (let index = 0; index < 5; index++) await add(index, { state: "succeeded", finishedAt: minutesAgo(2) });
  await add(5, { state: "succeeded", finishedAt: minutesAgo(20) });
  for (let index = 6; index < 12; index++) await add(index, { state: "pending" });
  const running = await backfillProgress(ctx(), { backfillId });
  expect(running.tasksPerMinute).toBeCloseTo(1, 1);
  const end = running.expectedEndAt?.getTime() ?? 0;
  expect(Math.abs(end - minutesAgo(-6).getTime())).toBeLessThan(60_000);
  await pauseBackfill(ctx(), { backfillId });
  expect(await backfillProgress(ctx(), { backfillId })).toMatchObject({ tasksPerMinute: null, expectedEndAt: null });
});

describe("pause, resume, stop", () => {
  it("holds tasks back while paused, and puts those that never ran back to how they stood when stopped", async () => {
    await database.db.update(meterTasks).set({ state: "cancelled", waitReason: null });
    await database.db.update(taskBatches).set({ finishedAt: now });
    const job = await aMixedJob();
    const order = { jobId: job.id, ...range, mode: "missing" as const };
    const { planToken } = await planBackfill(ctx(), order, now);
    const { id: backfillId } = await startBackfill(ctx(), { ...order, planToken }, now);
    await pauseBackfill(ctx(), { backfillId });
    expect(await formBatches(database.db, now)).toEqual([]);
    await resumeBackfill(ctx(), { backfillId });
    const stopped = await stopBackfill(ctx(), { backfillId });
    expect(stopped).toMatchObject({
      status: "stopped",
      tasksByState: { cancelled: 3, succeeded: 1 },
      finishedTasks: 4,
    });
    expect((await tasksOf(job))[4]).toMatchObject({ state: "succeeded", stage: "ingestion" });
    await expect(resumeBackfill(ctx(), { backfillId })).rejects.toThrow(NotPossibleNow);
    const actions = await database.db
      .select()
      .from(auditLog)
      .where(eq(auditLog.objectId, backfillId))
      .orderBy(auditLog.seq);
    expect(actions.map((row) => row.action)).toEqual([
      "backfill.started",
      "backfill.paused",
      "backfill.resumed",
      "backfill.stopped",
    ]);
  });

  it("is done when none of its tasks has anything left to do", async () => {
    const job = await aMixedJob();
    const order = { jobId: job.id, ...range, mode: "failed" as const };
    const { planToken } = await planBackfill(ctx(), order, now);
    const { id: backfillId } = await startBackfill(ctx(), { ...order, planToken }, now);
    await finishBackfills(database.db, now);
    expect((await backfillProgress(ctx(), { backfillId })).status).toBe("running");
    await database.db.update(meterTasks).set({ state: "succeeded" }).where(sql`backfill_id = ${backfillId}`);
    await finishBackfills(database.db, now);
    expect(await listBackfills(ctx(), { jobId: job.id })).toMatchObject([
      { id: backfillId, status: "done", finishedTasks: 1 },
    ]);
  });
});
