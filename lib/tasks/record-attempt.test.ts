import { eq } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import { SourceError } from "../connectors/source-error";
import { meterTasks } from "../db/schema/tasks";
import { testDatabase } from "../db/testing";
import { aBatch, aJob, aTask } from "../testing/builders";
import { recordFailures, recordSuccess } from "./record-attempt";

const database = testDatabase();
const now = new Date("2026-03-01T00:00:00Z");
const startedAt = new Date("2026-02-28T23:59:50Z");
const noSpread = () => 0;

async function aRunningTask(values: Parameters<typeof aTask>[1] = {}) {
  const batch = await aBatch(database.db);
  const task = await aTask(database.db, { state: "running", batchId: batch.id, ...values });
  return { task, batch };
}

async function read(id: string) {
  const [row] = await database.db.select().from(meterTasks).where(eq(meterTasks.id, id));
  if (!row) throw new Error("no such task");
  return row;
}

const busy = new SourceError("BUSY", "The vendor is busy.", { isRetryable: true });

describe("recordFailures", () => {
  it("lets a failure that may heal wait, longer each time, and fails the task after its last retry", async () => {
    const job = await aJob(database.db, { maxRetries: 3 });
    const { task, batch } = await aRunningTask({ job });
    const waits: (number | null)[] = [];
    for (let attempt = 1; attempt <= 4; attempt++) {
      await database.db
        .update(meterTasks)
        .set({ state: "running", waitReason: null })
        .where(eq(meterTasks.id, task.id));
      const [recorded] = await recordFailures(
        database.db,
        [{ taskId: task.id, batchId: batch.id, stage: "collection", startedAt, error: busy }],
        now,
        noSpread,
      );
      waits.push(recorded?.waitUntil ? (recorded.waitUntil.getTime() - now.getTime()) / 1000 : null);
    }
    expect(waits).toEqual([20, 60, 180, null]);
    const after = await read(task.id);
    expect(after).toMatchObject({ state: "failed", retryCount: 3, waitReason: null, waitUntil: null, finishedAt: now });
    expect(after.executionErrs.map((err) => err.attempt)).toEqual([1, 2, 3, 4]);
    expect(after.timings).toHaveLength(4);
  });

  it('does not burn all retries on a vendor that says "in a second" over and over', async () => {
    const retryAt = new Date(now.getTime() + 1_000);
    const error = new SourceError("TOO_MANY_PER_SECOND", "Slow down.", { isRetryable: true, retryAt });
    const { task, batch } = await aRunningTask();
    const waits: number[] = [];
    for (let attempt = 1; attempt <= 4; attempt++) {
      await database.db
        .update(meterTasks)
        .set({ state: "running", waitReason: null, waitUntil: null })
        .where(eq(meterTasks.id, task.id));
      const failure = { taskId: task.id, batchId: batch.id, stage: "collection" as const, startedAt, error };
      const [recorded] = await recordFailures(database.db, [failure], now, noSpread);
      waits.push(((recorded?.waitUntil ?? now).getTime() - now.getTime()) / 1000);
    }
    expect(waits).toEqual([1, 20, 60, 180]);
  });

  it("honours the vendor's Retry-After, and never comes back before it", async () => {
    const retryAt = new Date(now.getTime() + 45_000);
    const error = new SourceError("TOO_MANY_REQUESTS", "Slow down.", { isRetryable: true, retryAt });
    const { task, batch } = await aRunningTask();
    const failure = { taskId: task.id, batchId: batch.id, stage: "collection" as const, startedAt, error };
    const [recorded] = await recordFailures(database.db, [failure], now, () => 0.99);
    const wait = ((recorded?.waitUntil ?? now).getTime() - retryAt.getTime()) / 1000;
    expect(wait).toBeGreaterThanOrEqual(0);
    expect(wait).toBeLessThan(11);
  });

  it("waits for a quota's reset and for late data without spending a retry", async () => {
    const retryAt = new Date("2026-03-02T00:00:00Z");
    const quota = new SourceError("QUOTA_SPENT", "Spent.", { isRetryable: true, retryAt, waitReason: "quota" });
    const data = new SourceError("NO_DATA", "Not there yet.", { isRetryable: true, waitReason: "data" });
    const job = await aJob(database.db, { maxRetries: 0 });
    const first = await aRunningTask({ job });
    const second = await aRunningTask({ job, intervalStart: new Date("2026-02-01T13:00:00Z") });
    await recordFailures(
      database.db,
      [
        { taskId: first.task.id, batchId: first.batch.id, stage: "collection", startedAt, error: quota },
        { taskId: second.task.id, batchId: second.batch.id, stage: "collection", startedAt, error: data },
      ],
      now,
      noSpread,
    );
    expect(await read(first.task.id)).toMatchObject({
      state: "waiting",
      waitReason: "quota",
      waitUntil: retryAt,
      retryCount: 0,
    });
    expect(await read(second.task.id)).toMatchObject({
      state: "waiting",
      waitReason: "data",
      waitUntil: new Date(now.getTime() + 300_000),
      retryCount: 0,
    });
  });

  it("fails at once what no retry can help", async () => {
    const error = new SourceError("NOT_PERMITTED", "The key is unknown.", { isRetryable: false });
    const { task, batch } = await aRunningTask();
    await recordFailures(
      database.db,
      [{ taskId: task.id, batchId: batch.id, stage: "collection", startedAt, error }],
      now,
    );
    expect(await read(task.id)).toMatchObject({ state: "failed", retryCount: 0 });
  });

  it("leaves a task alone that was cancelled, taken back by another batch, or moved on", async () => {
    const cancelled = await aRunningTask({ state: "cancelled" });
    const taken = await aRunningTask();
    const other = await aBatch(database.db);
    const moved = await aRunningTask({ stage: "ingestion" });
    const recorded = await recordFailures(
      database.db,
      [
        { taskId: cancelled.task.id, batchId: cancelled.batch.id, stage: "collection", startedAt, error: busy },
        { taskId: taken.task.id, batchId: other.id, stage: "collection", startedAt, error: busy },
        { taskId: moved.task.id, batchId: moved.batch.id, stage: "collection", startedAt, error: busy },
      ],
      now,
    );
    expect(recorded).toEqual([]);
    expect((await read(cancelled.task.id)).state).toBe("cancelled");
    expect((await read(taken.task.id)).executionErrs).toEqual([]);
  });

  it("keeps the newest fifty errors and goes on counting attempts", async () => {
    const old = Array.from({ length: 50 }, (_, index) => ({
      stage: "collection" as const,
      attempt: index + 11,
      startedAt: "",
      at: "",
      code: "BUSY",
      message: "",
      isRetryable: true,
    }));
    const { task, batch } = await aRunningTask({ executionErrs: old });
    await recordFailures(
      database.db,
      [{ taskId: task.id, batchId: batch.id, stage: "collection", startedAt, error: busy }],
      now,
    );
    const errs = (await read(task.id)).executionErrs;
    expect(errs).toHaveLength(50);
    expect(errs.at(-1)?.attempt).toBe(61);
    expect(errs[0]?.attempt).toBe(12);
  });
});

describe("recordSuccess", () => {
  it("moves a task to its next stage, and after the last to succeeded, with timings", async () => {
    const { task, batch } = await aRunningTask({ state: "queued", isForced: true });
    const attempt = { taskId: task.id, batchId: batch.id, startedAt, endedAt: now };
    await recordSuccess(database.db, [{ ...attempt, stage: "collection", next: "transformation" }]);
    expect(await read(task.id)).toMatchObject({ stage: "transformation", state: "running", isForced: true });
    await recordSuccess(database.db, [{ ...attempt, stage: "transformation", next: "ingestion" }]);
    const moved = await recordSuccess(database.db, [{ ...attempt, stage: "ingestion", next: "done" }]);
    expect(moved).toEqual([task.id]);
    const after = await read(task.id);
    expect(after).toMatchObject({ stage: "ingestion", state: "succeeded", finishedAt: now, isForced: false });
    expect(after.timings.map((timing) => timing.stage)).toEqual(["collection", "transformation", "ingestion"]);
  });

  it("says which tasks were not moved because they were cancelled meanwhile", async () => {
    const kept = await aRunningTask();
    const cancelled = await aRunningTask({ state: "cancelled" });
    const moved = await recordSuccess(
      database.db,
      [kept, cancelled].map(({ task, batch }) => ({
        taskId: task.id,
        batchId: batch.id,
        stage: "collection" as const,
        startedAt,
        endedAt: now,
        next: "transformation" as const,
      })),
    );
    expect(moved).toEqual([kept.task.id]);
    expect(await read(cancelled.task.id)).toMatchObject({ state: "cancelled", stage: "collection" });
  });
});
