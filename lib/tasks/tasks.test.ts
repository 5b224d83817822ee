import { eq } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import type { Actor } from "../auth/actor";
import { SourceError } from "../connectors/source-error";
import { archiveObjects } from "../db/schema/archive";
import { auditLog } from "../db/schema/audit";
import { meters } from "../db/schema/meters";
import { meterTasks } from "../db/schema/tasks";
import { testDatabase } from "../db/testing";
import { Conflict, Forbidden, InvalidInput, NotFound, NotPossibleNow } from "../errors";
import { newId } from "../ids";
import { aBackfill, aBatch, aJob, aMeter, aTask, type TaskRow } from "../testing/builders";
import { cancelTasks } from "./cancel-tasks";
import { listTasksEndpoint, retryTasksEndpoint } from "./endpoints";
import { countTasks, getTask, listTasks } from "./queries";
import { recordFailures, recordSuccess } from "./record-attempt";
import { retryTasks } from "./retry-tasks";

const database = testDatabase();
const operator: Actor = { kind: "user", id: newId(), name: "Olga", roles: ["operator"] };
const ctx = () => ({ db: database.db, actor: operator });
const tokenOf = (meterId: string): Actor => ({
  kind: "token",
  id: newId(),
  name: "t",
  roles: ["operator"],
  meterIds: [meterId],
});
const day = (index: number) => new Date(Date.UTC(2026, 0, 1 + index, 13));

async function read(task: { id: string }): Promise<TaskRow> {
  const [row] = await database.db.select().from(meterTasks).where(eq(meterTasks.id, task.id));
  if (!row) throw new Error("no such task");
  return row;
}

/** One job with a task per state, in this order. */
async function aJobOfStates(...states: TaskRow["state"][]) {
  const job = await aJob(database.db);
  const tasks: TaskRow[] = [];
  for (const [index, state] of states.entries()) {
    const wait = state === "waiting" ? { waitReason: "retry" as const, waitUntil: day(40) } : {};
    tasks.push(await aTask(database.db, { job, intervalStart: day(index), state, ...wait }));
  }
  return { job, tasks };
}

describe("retryTasks", () => {
  it("lets a failed task run again from the stage it stands at, with its retries counted anew and its history kept", async () => {
    const err = {
      stage: "ingestion",
      attempt: 6,
      startedAt: "",
      at: "",
      code: "BUSY",
      message: "",
      isRetryable: true,
    } as const;
    const task = await aTask(database.db, {
      stage: "ingestion",
      state: "failed",
      retryCount: 5,
      executionErrs: [err],
      finishedAt: day(1),
      batchId: (await aBatch(database.db)).id,
    });
    const result = await retryTasks(ctx(), { taskIds: [task.id] });
    expect(result).toMatchObject({ matching: 1, affected: 1, tasksByState: { failed: 1 } });
    expect(await read(task)).toMatchObject({
      state: "pending",
      stage: "ingestion",
      retryCount: 0,
      priority: 1,
      batchId: null,
      finishedAt: null,
      isForced: false,
      executionErrs: [err],
    });
    const [row] = await database.db.select().from(auditLog).where(eq(auditLog.objectId, task.id));
    expect(row).toMatchObject({ action: "tasks.retried", meterId: task.meterId, actorName: "Olga" });
  });

  it("goes back to an earlier stage, never forward, and to collection with a new call when forced", async () => {
    const done = { state: "succeeded", stage: "ingestion" } as const;
    const job = await aJob(database.db);
    const first = await aTask(database.db, { job, ...done });
    const second = await aTask(database.db, { job, ...done, intervalStart: day(1) });
    const third = await aTask(database.db, { job, state: "failed", stage: "collection", intervalStart: day(2) });
    await retryTasks(ctx(), { taskIds: [first.id, third.id], fromStage: "transformation" });
    await retryTasks(ctx(), { taskIds: [second.id], force: true });
    expect(await read(first)).toMatchObject({ state: "pending", stage: "transformation", isForced: false });
    expect(await read(third)).toMatchObject({ state: "pending", stage: "collection" });
    expect(await read(second)).toMatchObject({
      state: "pending",
      stage: "collection",
      isForced: true,
      forcedBy: "Olga",
    });
  });

  it("ends a wait, and leaves alone what is pending or under way", async () => {
    const { tasks } = await aJobOfStates("waiting", "pending", "queued", "running");
    const result = await retryTasks(ctx(), { taskIds: tasks.map((task) => task.id) });
    expect(result).toMatchObject({ matching: 4, affected: 1 });
    const states = await Promise.all(tasks.map(async (task) => (await read(task)).state));
    expect(states).toEqual(["pending", "pending", "queued", "running"]);
    expect(await read(tasks[0] ?? { id: "" })).toMatchObject({ waitReason: null, waitUntil: null });
    await expect(retryTasks(ctx(), { taskIds: [tasks[3]?.id ?? ""] })).rejects.toThrow(NotPossibleNow);
  });

  it("leaves a stopped backfill, so that the task is sent", async () => {
    const job = await aJob(database.db);
    const stopped = await aBackfill(database.db, { jobId: job.id, status: "stopped" });
    const task = await aTask(database.db, { job, state: "cancelled", backfillId: stopped.id });
    await retryTasks(ctx(), { taskIds: [task.id] });
    expect((await read(task)).backfillId).toBeNull();
  });

  it("refuses tasks of archived meters, which would stay pending", async () => {
    const task = await aTask(database.db, { state: "failed" });
    await database.db
      .update(meters)
      .set({ archivedAt: day(0) })
      .where(eq(meters.id, task.meterId));
    await expect(retryTasks(ctx(), { taskIds: [task.id] })).rejects.toThrow(NotPossibleNow);
  });

  it("takes only tasks that start inside one of the ranges of a filter", async () => {
    const { job, tasks } = await aJobOfStates("failed", "failed", "failed", "failed");
    const ranges = [
      { from: day(0), to: day(1) },
      { from: day(2), to: day(3) },
    ];
    const filter = { jobId: job.id, ranges };
    const plan = await retryTasks(ctx(), { filter, dryRun: true });
    expect(plan).toMatchObject({ matching: 2, affected: 2 });
    await retryTasks(ctx(), { filter, planToken: plan.planToken });
    const states = await Promise.all(tasks.map(async (task) => (await read(task)).state));
    expect(states).toEqual(["pending", "failed", "pending", "failed"]);
  });

  it("by filter needs the token of a dry run, and is refused when the tasks changed since", async () => {
    const { job, tasks } = await aJobOfStates("failed", "failed", "succeeded", "cancelled");
    const filter = { jobId: job.id, state: ["failed" as const] };
    await expect(retryTasks(ctx(), { filter })).rejects.toThrow(InvalidInput);
    await expect(retryTasks(ctx(), { filter: {}, dryRun: true })).rejects.toThrow(InvalidInput);
    const plan = await retryTasks(ctx(), { filter, dryRun: true });
    expect(plan).toMatchObject({ dryRun: true, matching: 2, affected: 2 });
    expect((await read(tasks[0] ?? { id: "" })).state).toBe("failed");

    await database.db
      .update(meterTasks)
      .set({ state: "failed" })
      .where(eq(meterTasks.id, tasks[3]?.id ?? ""));
    await expect(retryTasks(ctx(), { filter, planToken: plan.planToken })).rejects.toThrow(Conflict);
    const fresh = await retryTasks(ctx(), { filter, dryRun: true });
    await expect(retryTasks(ctx(), { filter, force: true, planToken: fresh.planToken })).rejects.toThrow(Conflict);
    expect(await retryTasks(ctx(), { filter, planToken: fresh.planToken })).toMatchObject({ affected: 3 });
    expect(await countTasks(ctx(), { jobId: job.id })).toEqual({ pending: 3, succeeded: 1 });
  });

  it("keeps a token to its meters", async () => {
    const { job, tasks } = await aJobOfStates("failed");
    const actor = tokenOf((await aMeter(database.db)).id);
    await expect(retryTasks({ ...ctx(), actor }, { taskIds: tasks.map((task) => task.id) })).rejects.toThrow(Forbidden);
    const plan = await retryTasks({ ...ctx(), actor }, { filter: { jobId: job.id }, dryRun: true });
    expect(plan.matching).toBe(0);
    await expect(retryTasks(ctx(), { taskIds: [newId()] })).rejects.toThrow(NotFound);
  });
});

describe("cancelTasks", () => {
  it("stops a running task for good: its stage's last write finds it cancelled", async () => {
    const batch = await aBatch(database.db);
    const task = await aTask(database.db, { state: "running", batchId: batch.id });
    await cancelTasks(ctx(), { taskIds: [task.id] });
    const at = day(1);
    const attempt = { taskId: task.id, batchId: batch.id, stage: "collection" as const, startedAt: at };
    expect(await recordSuccess(database.db, [{ ...attempt, endedAt: at, next: "transformation" }])).toEqual([]);
    const error = new SourceError("BUSY", "Busy.", { isRetryable: true });
    expect(await recordFailures(database.db, [{ ...attempt, error }], at)).toEqual([]);
    expect(await read(task)).toMatchObject({ state: "cancelled", stage: "collection", executionErrs: [] });
  });

  it("cancels what is not finished and leaves the rest", async () => {
    const { job, tasks } = await aJobOfStates("pending", "queued", "running", "waiting", "succeeded", "failed");
    await cancelTasks(ctx(), { taskIds: tasks.map((task) => task.id) });
    expect(await countTasks(ctx(), { jobId: job.id })).toEqual({ cancelled: 4, succeeded: 1, failed: 1 });
    await expect(cancelTasks(ctx(), { taskIds: tasks.map((task) => task.id) })).rejects.toThrow(NotPossibleNow);
  });
});

describe("listTasks, getTask", () => {
  it("pages newest first without missing or repeating a task, by filter", async () => {
    const { job } = await aJobOfStates("failed", "succeeded", "failed", "succeeded", "failed");
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await listTasks(ctx(), { jobId: job.id, limit: 2, cursor });
      seen.push(...page.items.map((task) => task.intervalStart.toISOString()));
      cursor = page.nextCursor ?? undefined;
    } while (cursor);
    expect(seen).toEqual([4, 3, 2, 1, 0].map((index) => day(index).toISOString()));
    const some = await listTasks(ctx(), { jobId: job.id, state: ["failed"], from: day(1), to: day(4) });
    expect(some.items.map((task) => task.intervalStart)).toEqual([day(2)]);
    await expect(listTasks(ctx(), { cursor: "nonsense" })).rejects.toThrow(InvalidInput);
  });

  it("shows attempts, artifacts and the run; the vendor's answer only on the single task", async () => {
    const batch = await aBatch(database.db, { runId: "run-1" });
    const job = await aJob(database.db);
    const [object] = await database.db
      .insert(archiveObjects)
      .values({
        meterId: job.meterId,
        kind: "raw",
        key: `raw/${newId()}`,
        sha256: "00",
        sizeBytes: 2,
        contentType: "application/json",
        origin: { kind: "api", url: "https://example.com/x" },
        fetchedAt: day(0),
        confirmedAt: day(0),
      })
      .returning();
    const task = await aTask(database.db, {
      job,
      batchId: batch.id,
      rawObjectIds: [object?.id ?? ""],
      rejects: [{ row: "[3]", reason: "no number" }],
      executionErrs: [
        {
          stage: "collection",
          attempt: 1,
          startedAt: "2026-01-01T00:00:00Z",
          at: "2026-01-01T00:00:01Z",
          code: "BUSY",
          message: "Busy.",
          isRetryable: true,
          answer: { request: "GET https://example.com/x", status: 429, body: "slow down" },
        },
      ],
    });
    const one = await getTask(ctx(), { taskId: task.id });
    expect(one).toMatchObject({
      runId: "run-1",
      artifacts: [{ id: object?.id, kind: "raw", origin: { kind: "api" } }],
      rejects: [{ row: "[3]" }],
      executionErrs: [{ code: "BUSY", answer: { status: 429 } }],
    });
    const [listed] = (await listTasks(ctx(), { jobId: job.id })).items;
    expect(listed?.executionErrs[0]).not.toHaveProperty("answer");
    await expect(getTask({ ...ctx(), actor: tokenOf(newId()) }, { taskId: task.id })).rejects.toThrow(Forbidden);
    await expect(getTask(ctx(), { taskId: newId() })).rejects.toThrow(NotFound);
  });
});

describe("API", () => {
  it("answers lists and retries as declared", async () => {
    const { job, tasks } = await aJobOfStates("failed", "succeeded");
    const environment = { db: database.db, actor: operator };
    const list = await listTasksEndpoint.answer(
      new Request(`http://localhost/api/v1/tasks?jobId=${job.id}&state=failed&state=waiting&limit=10`),
      {},
      environment,
    );
    expect(list.status).toBe(200);
    expect((await list.json()).items).toMatchObject([{ id: tasks[0]?.id, intervalStart: day(0).toISOString() }]);
    const body = JSON.stringify({ taskIds: [tasks[0]?.id], fromStage: "submission" });
    const refused = await retryTasksEndpoint.answer(
      new Request("http://localhost/api/v1/tasks/retry", { method: "POST", body }),
      {},
      environment,
    );
    expect(refused.status).toBe(400);
  });
});
