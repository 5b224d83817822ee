import { eq } from "drizzle-orm";
import { beforeEach, describe, expect, it } from "vitest";
import type { Actor } from "../auth/actor";
import { meterJobs, meters, meterTasks, mrvRecords, taskBatches } from "../db/schema";
import { testDatabase } from "../db/testing";
import type { RecordStatus } from "../mrv/statuses";
import { aBatch, aJob, aMeter, aRecord, aTask, type JobRow } from "../testing/builders";
import { cancelTasks } from "./cancel-tasks";
import { formBatches } from "./form-batches";
import { batchSize, openBatches } from "./limits";
import { reconcileTasks } from "./reconcile-tasks";
import { retryTasks } from "./retry-tasks";
import { sendBatches } from "./send-batches";
import { wakeWaitingTasks } from "./wake-waiting-tasks";

const database = testDatabase();
const now = new Date("2026-03-01T00:00:00Z");
const operator: Actor = { kind: "user", id: "01900000-0000-7000-8000-000000000002", name: "Otto", roles: ["operator"] };
const ctx = {
  get db() {
    return database.db;
  },
  actor: operator,
};

beforeEach(async () => {
  await database.db.delete(mrvRecords);
  await database.db.delete(meterTasks);
  await database.db.delete(taskBatches);
});

const aMrvJob = (values: Parameters<typeof aJob>[1] = {}) => aJob(database.db, { type: "mrv", ...values });
const day = (index: number) => new Date(Date.parse("2025-12-31T13:00:00Z") + index * 86_400_000);
const aDayOf = (job: JobRow, index: number, values: Parameters<typeof aTask>[1] = {}) =>
  aTask(database.db, { job, intervalStart: day(index), readingsExpected: 288, ...values });
const taskOf = async (id: string) => (await database.db.select().from(meterTasks).where(eq(meterTasks.id, id)))[0];
const tasksOf = (batchId: string) => database.db.select().from(meterTasks).where(eq(meterTasks.batchId, batchId));

describe("batches of records", () => {
  it("have places of their own, whatever is collected meanwhile, and take none of it", async () => {
    for (let account = 0; account < openBatches.all + 2; account++) {
      const meter = await aMeter(database.db, { accountKey: `WattWatchers:${account}` });
      await aTask(database.db, { job: await aJob(database.db, { meterId: meter.id }) });
    }
    const [live, backfill] = [await aMrvJob(), await aMrvJob()];
    await aDayOf(live, 0);
    await aDayOf(backfill, 0, { priority: 2 });
    const formed = await formBatches(database.db, now);
    expect(formed.filter(({ type }) => type === "etl")).toHaveLength(openBatches.all);
    expect(formed.filter(({ type }) => type === "mrv")).toMatchObject([
      { account: "mrv", isBackfill: false, taskCount: 1 },
      { account: "mrv", isBackfill: true, taskCount: 1 },
    ]);
    // Both places are taken until these are done.
    await aDayOf(live, 1);
    expect(await formBatches(database.db, now)).toEqual([]);
    await database.db.update(taskBatches).set({ finishedAt: now }).where(eq(taskBatches.type, "mrv"));
    expect(await formBatches(database.db, now)).toMatchObject([{ type: "mrv", isBackfill: false }]);
  });

  it("hold the oldest periods of many jobs, as many as one may", async () => {
    const job = await aMrvJob();
    const other = await aMrvJob();
    for (let index = batchSize.mrvTasks + 9; index >= 0; index--) {
      await aDayOf(index % 2 === 0 ? job : other, index, { dueAt: day(index) });
    }
    const [formed] = await formBatches(database.db, now);
    expect(formed?.taskCount).toBe(batchSize.mrvTasks);
    const newest = Math.max(
      ...(await tasksOf(formed?.batchId ?? "")).map(({ intervalStart }) => intervalStart.getTime()),
    );
    expect(newest).toBe(day(batchSize.mrvTasks - 1).getTime());
  });

  it("stay within a bound of readings, leave paused jobs, archived meters and what is at submission", async () => {
    const job = await aMrvJob();
    for (let index = 0; index < 4; index++) await aDayOf(job, index, { readingsExpected: 40_000 });
    const paused = await aMrvJob({ status: "paused" });
    await aDayOf(paused, 0);
    const archived = await aMrvJob();
    await database.db.update(meters).set({ archivedAt: now }).where(eq(meters.id, archived.meterId));
    await aDayOf(archived, 0);
    const sent = await aDayOf(job, 9, { stage: "submission", dueAt: day(-9) });
    const formed = await formBatches(database.db, now);
    expect(formed).toMatchObject([{ type: "mrv", taskCount: 2 }]);
    expect(await taskOf(sent.id)).toMatchObject({ state: "pending" });
    await database.db.update(meterJobs).set({ status: "active" }).where(eq(meterJobs.id, paused.id));
  });

  it("are sent as what they are", async () => {
    await aTask(database.db, { job: await aJob(database.db) });
    await aDayOf(await aMrvJob(), 0);
    await formBatches(database.db, now);
    const sent: { type: string; account: string }[] = [];
    await sendBatches(database.db, async (batches) => void sent.push(...batches), now);
    expect(sent.map(({ type }) => type).sort()).toEqual(["etl", "mrv"]);
    expect(sent.find(({ type }) => type === "mrv")).toMatchObject({ account: "mrv" });
  });
});

describe("the reconciler and the clock", () => {
  it("take a record's task back from a lost worker, and leave one at submission to the outbox", async () => {
    const job = await aMrvJob();
    const silent = { type: "mrv" as const, heartbeatAt: new Date(now.getTime() - 3_600_000) };
    const { id: batchId } = await aBatch(database.db, silent);
    const lost = await aDayOf(job, 0, { state: "running", batchId });
    const sending = await aDayOf(job, 1, { state: "running", stage: "submission", batchId });
    expect(await reconcileTasks(database.db, now)).toEqual({ batches: 1, tasks: 1 });
    expect(await taskOf(lost.id)).toMatchObject({ state: "pending", stage: "extraction", batchId: null });
    expect(await taskOf(sending.id)).toMatchObject({ state: "running", stage: "submission" });
  });

  it("wake what waits for data, and neither a reviewer's nor the outbox's task", async () => {
    const job = await aMrvJob();
    const waitUntil = new Date(now.getTime() - 1000);
    const data = await aDayOf(job, 0, { state: "waiting", waitReason: "data", waitUntil });
    const retry = await aDayOf(job, 1, { state: "waiting", waitReason: "retry", waitUntil, stage: "submission" });
    const review = await aDayOf(job, 2, { state: "waiting", waitReason: "review", stage: "submission" });
    expect(await wakeWaitingTasks(database.db, now)).toBe(1);
    const states = await Promise.all([data, retry, review].map(async ({ id }) => (await taskOf(id))?.state));
    expect(states).toEqual(["pending", "waiting", "waiting"]);
  });
});

describe("retry and cancel", () => {
  async function aTaskWith(status: RecordStatus, state: "waiting" | "succeeded" | "failed" | "cancelled") {
    const isOpen = ["extracted", "verified", "verification_failed"].includes(status);
    const decided = isOpen ? {} : { decidedAt: now, decidedById: "a" };
    const record = await aRecord(database.db, { status, ...decided });
    const stage = status === "verification_failed" ? "verification" : "submission";
    const waitReason = state === "waiting" ? ("review" as const) : null;
    await database.db.update(meterTasks).set({ state, waitReason, stage }).where(eq(meterTasks.id, record.taskId));
    return record.taskId;
  }

  it.each([
    ["verified", "waiting"],
    ["verification_failed", "waiting"],
    ["approved", "waiting"],
    ["submission_unknown", "waiting"],
    ["submitted", "succeeded"],
    ["submission_failed", "failed"],
  ] as const)("leave a task alone whose record is %s", async (status, state) => {
    const taskId = await aTaskWith(status, state);
    await expect(retryTasks(ctx, { taskIds: [taskId] })).rejects.toThrow("decided on its own page");
    await expect(retryTasks(ctx, { taskIds: [taskId], fromStage: "collection", force: true })).rejects.toThrow();
    await expect(cancelTasks(ctx, { taskIds: [taskId] })).rejects.toThrow("reject that instead");
    expect(await taskOf(taskId)).toMatchObject({ state });
  });

  it("leave out of many only those", async () => {
    const kept = await aTaskWith("verified", "waiting");
    const job = await aMrvJob();
    const failed = await aDayOf(job, 40, { state: "failed", stage: "verification" });
    const plan = await retryTasks(ctx, { filter: { stage: "verification" }, dryRun: true });
    expect(plan.tasksByType).toEqual({ mrv: 1 });
    expect(plan).toMatchObject({ matching: 1, affected: 1, effect: { vendorCalls: 0, readingsOverwritten: 0 } });
    const collecting = await aDayOf(await aJob(database.db), 40, { state: "failed" });
    const both = await retryTasks(ctx, { taskIds: [kept, failed.id, collecting.id], dryRun: true });
    expect(both).toMatchObject({ affected: 2, tasksByType: { mrv: 2, etl: 1 } });
    expect(await retryTasks(ctx, { taskIds: [kept, failed.id] })).toMatchObject({ affected: 1 });
    expect(await taskOf(failed.id)).toMatchObject({ state: "pending", stage: "extraction" });
    expect(await taskOf(kept)).toMatchObject({ state: "waiting" });
  });

  it("run a failed or rejected record's task from its first stage, whatever stage or force is asked for", async () => {
    const rejected = await aTaskWith("rejected", "cancelled");
    await retryTasks(ctx, { taskIds: [rejected], fromStage: "ingestion", force: true });
    expect(await taskOf(rejected)).toMatchObject({
      state: "pending",
      stage: "extraction",
      isForced: false,
      forcedBy: null,
    });
  });

  it("stop what waits for data", async () => {
    const waiting = await aDayOf(await aMrvJob(), 0, { state: "waiting", waitReason: "data", waitUntil: now });
    expect(await cancelTasks(ctx, { taskIds: [waiting.id] })).toMatchObject({ affected: 1 });
    expect(await taskOf(waiting.id)).toMatchObject({ state: "cancelled" });
  });
});
