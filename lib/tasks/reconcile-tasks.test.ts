import { eq } from "drizzle-orm";
import { beforeEach, describe, expect, it } from "vitest";
import { meterTasks, taskBatches } from "../db/schema/tasks";
import { testDatabase } from "../db/testing";
import { aBatch, aJob, aTask } from "../testing/builders";
import { formBatches } from "./form-batches";
import { raiseHeartbeat } from "./heartbeat";
import { SILENT_BATCH_SECONDS } from "./limits";
import { reconcileTasks } from "./reconcile-tasks";
import { recordSuccess } from "./record-attempt";
import { failBatch, settleBatch } from "./settle-batch";

const database = testDatabase();
const now = new Date("2026-03-01T00:00:00Z");
const secondsAgo = (seconds: number) => new Date(now.getTime() - seconds * 1000);

beforeEach(async () => {
  await database.db.delete(meterTasks);
  await database.db.delete(taskBatches);
});

async function read(id: string) {
  const [row] = await database.db.select().from(meterTasks).where(eq(meterTasks.id, id));
  if (!row) throw new Error("no such task");
  return row;
}

async function aTaskInBatch(batch: Parameters<typeof aBatch>[1], values: Parameters<typeof aTask>[1] = {}) {
  const { id: batchId } = await aBatch(database.db, batch);
  return { batchId, task: await aTask(database.db, { state: "running", batchId, ...values }) };
}

describe("reconcileTasks", () => {
  it("sends the work of a lost worker again, and lets its run write nothing afterwards", async () => {
    const silent = { heartbeatAt: secondsAgo(SILENT_BATCH_SECONDS + 1) };
    const { task, batchId } = await aTaskInBatch(silent);
    expect(await reconcileTasks(database.db, now)).toEqual({ batches: 1, tasks: 1 });
    const freed = await read(task.id);
    expect(freed).toMatchObject({ state: "pending", batchId: null, retryCount: 0 });
    expect(freed.executionErrs).toMatchObject([{ code: "WORKER_LOST", stage: "collection", attempt: 1 }]);

    const [formed] = await formBatches(database.db, now);
    expect(formed?.taskCount).toBe(1);
    expect(await raiseHeartbeat(database.db, batchId, now)).toBe(false);
    const late = { taskId: task.id, batchId, stage: "collection", next: "transformation" } as const;
    expect(await recordSuccess(database.db, [{ ...late, startedAt: now, endedAt: now }])).toEqual([]);
    expect(await read(task.id)).toMatchObject({ state: "queued", batchId: formed?.batchId });
  });

  it("leaves a batch alone that beats, that was never sent, or whose tasks are done", async () => {
    const beating = await aTaskInBatch({ heartbeatAt: secondsAgo(SILENT_BATCH_SECONDS - 1) });
    const unsent = await aTaskInBatch({ sentAt: null, heartbeatAt: secondsAgo(3600) }, { state: "queued" });
    const done = await aTaskInBatch({ heartbeatAt: secondsAgo(3600), finishedAt: now }, { state: "succeeded" });
    expect(await reconcileTasks(database.db, now)).toEqual({ batches: 0, tasks: 0 });
    expect((await read(beating.task.id)).state).toBe("running");
    expect((await read(unsent.task.id)).state).toBe("queued");
    expect((await read(done.task.id)).state).toBe("succeeded");
  });

  it("keeps no error on tasks that nobody had started", async () => {
    const { task } = await aTaskInBatch({ heartbeatAt: secondsAgo(3600) }, { state: "queued" });
    await reconcileTasks(database.db, now);
    expect(await read(task.id)).toMatchObject({ state: "pending", executionErrs: [] });
  });

  it("fails a task that takes its worker down five times in a row", async () => {
    const { task } = await aTaskInBatch({ heartbeatAt: secondsAgo(3600) });
    const seen: string[] = [];
    for (let loss = 1; loss <= 5; loss++) {
      const batch = await aBatch(database.db, { heartbeatAt: secondsAgo(3600) });
      await database.db
        .update(meterTasks)
        .set({ state: "running", batchId: batch.id })
        .where(eq(meterTasks.id, task.id));
      await reconcileTasks(database.db, now);
      seen.push((await read(task.id)).state);
    }
    expect(seen).toEqual(["pending", "pending", "pending", "pending", "failed"]);
    expect((await read(task.id)).finishedAt).toEqual(now);
  });
});

describe("settleBatch", () => {
  it("closes the batch and says when its waiting tasks come back, in few instants", async () => {
    const { task, batchId } = await aTaskInBatch({}, { state: "succeeded" });
    const job = await aJob(database.db);
    const waits = [3, 4, 40, 3600];
    for (const [index, seconds] of waits.entries()) {
      await aTask(database.db, {
        job,
        batchId,
        intervalStart: secondsAgo(86_400 * (index + 1)),
        state: "waiting",
        waitReason: "retry",
        waitUntil: secondsAgo(-seconds),
      });
    }
    expect(await settleBatch(database.db, batchId, now)).toEqual([
      "2026-03-01T00:00:15.000Z",
      "2026-03-01T00:00:45.000Z",
    ]);
    const [batch] = await database.db.select().from(taskBatches).where(eq(taskBatches.id, batchId));
    expect(batch?.finishedAt).toEqual(now);
    expect((await read(task.id)).state).toBe("succeeded");
  });

  it("lets tasks come back later that no stage worked on, so that they do not spin", async () => {
    const { task, batchId } = await aTaskInBatch({}, { state: "queued" });
    await settleBatch(database.db, batchId, now);
    expect(await read(task.id)).toMatchObject({ state: "waiting", waitReason: "retry", retryCount: 1 });
  });

  it("does not touch tasks that another batch has taken over", async () => {
    const { batchId } = await aTaskInBatch({}, { state: "succeeded" });
    const other = await aTaskInBatch({}, { state: "queued" });
    await failBatch(database.db, batchId, new Error("boom"), now);
    expect((await read(other.task.id)).state).toBe("queued");
  });
});

describe("failBatch", () => {
  it("gives unfinished tasks the run's error and another attempt, and fails them after the last", async () => {
    const { batchId, task } = await aTaskInBatch({}, { stage: "ingestion" });
    const last = await aTask(database.db, {
      job: await aJob(database.db, { maxRetries: 2 }),
      batchId,
      state: "running",
      retryCount: 2,
    });
    await failBatch(database.db, batchId, new Error("out of disk"), now);
    const waiting = await read(task.id);
    expect(waiting).toMatchObject({ state: "waiting", waitReason: "retry", stage: "ingestion" });
    expect(waiting.executionErrs[0]?.message).toContain("out of disk");
    expect(await read(last.id)).toMatchObject({ state: "failed" });
  });
});
