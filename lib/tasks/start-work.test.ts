import { eq } from "drizzle-orm";
import { expect, it, vi } from "vitest";
import type { Actor } from "../auth/actor";
import { meterTasks } from "../db/schema/tasks";
import { testDatabase } from "../db/testing";
import { newId } from "../ids";
import { pauseBackfill, resumeBackfill } from "../jobs/backfill/control-backfill";
import { planBackfill } from "../jobs/backfill/plan-backfill";
import { startBackfill } from "../jobs/backfill/start-backfill";
import { createJob } from "../jobs/create-job";
import { pauseJob } from "../jobs/pause-job";
import { resumeJob } from "../jobs/resume-job";
import { updateJob } from "../jobs/update-job";
import { aJob, aMeter, aTask } from "../testing/builders";
import { retryTasks } from "./retry-tasks";

const database = testDatabase();
const operator: Actor = { kind: "user", id: newId(), name: "Olga", roles: ["operator"] };
const startWork = vi.fn();
const ctx = () => ({ db: database.db, actor: operator, startWork });

/** How often a verb asked for its work to be started. */
async function asked(verb: () => Promise<unknown>): Promise<number> {
  startWork.mockReset();
  await verb().catch(() => undefined);
  return startWork.mock.calls.length;
}

it("is asked for by every verb that gives work to do, and by no dry run or refusal", async () => {
  const meter = await aMeter(database.db);
  const input = { meterId: meter.id, startAt: "2026-03-01T00:00:00Z" };
  expect(await asked(() => createJob(ctx(), input))).toBe(1);
  expect(await asked(() => createJob(ctx(), { ...input, meterId: newId() }))).toBe(0);

  // Days in Sydney, all of them passed by the job.
  const day = (index: number) => new Date(Date.UTC(2025, 11, 31 + index, 13));
  const job = await aJob(database.db, { nextIntervalAt: day(10) });
  const task = await aTask(database.db, { job, intervalStart: day(5), intervalEnd: day(6), state: "failed" });
  const { id: jobId } = job;
  expect(await asked(() => updateJob(ctx(), { jobId, startAt: new Date(job.startAt.getTime() - 864e5) }))).toBe(1);
  expect(await asked(() => pauseJob(ctx(), { jobId }))).toBe(0);
  expect(await asked(() => resumeJob(ctx(), { jobId }))).toBe(1);

  const order = { jobId, from: task.intervalStart, to: task.intervalEnd, mode: "failed" as const };
  const { planToken } = await planBackfill(ctx(), order);
  expect(await asked(() => startBackfill(ctx(), { ...order, planToken: "another" }))).toBe(0);
  const backfill = await startBackfill(ctx(), { ...order, planToken });
  expect(startWork).toHaveBeenCalledTimes(1);
  expect(await asked(() => pauseBackfill(ctx(), { backfillId: backfill.id }))).toBe(0);
  expect(await asked(() => resumeBackfill(ctx(), { backfillId: backfill.id }))).toBe(1);
});

it("is asked for by a retry when its tasks are committed", async () => {
  const task = await aTask(database.db, { state: "failed" });
  let seen: Promise<unknown> | undefined;
  startWork.mockImplementation(() => {
    // Another connection: what is not committed it does not see.
    seen = database.db.select({ state: meterTasks.state }).from(meterTasks).where(eq(meterTasks.id, task.id));
  });
  await retryTasks(ctx(), { taskIds: [task.id], dryRun: true });
  expect(seen).toBeUndefined();
  await retryTasks(ctx(), { taskIds: [task.id] });
  expect(await seen).toEqual([{ state: "pending" }]);
});
