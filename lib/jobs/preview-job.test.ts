import { eq } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import type { Actor } from "../auth/actor";
import { sourceQuotas } from "../db/schema/quotas";
import { meterTasks } from "../db/schema/tasks";
import { testDatabase } from "../db/testing";
import { Forbidden, InvalidInput } from "../errors";
import { newId } from "../ids";
import { createDueTasks } from "../tasks/create-due-tasks";
import { aMeter } from "../testing/builders";
import { createJob } from "./create-job";
import { previewJob } from "./preview-job";

const database = testDatabase();
const operator: Actor = { kind: "user", id: newId(), name: "Olga", roles: ["operator"] };
const ctx = () => ({ db: database.db, actor: operator });
const now = new Date("2026-10-10T00:00:00Z");

describe("previewJob", () => {
  it.each<[string, Partial<Parameters<typeof createJob>[1]>]>([
    ["hours", { interval: "PT1H" }],
    ["days over a change of clocks", { interval: "P1D" }],
    ["weeks", { interval: "P7D" }],
    ["a delay of days", { interval: "PT1H", delay: "P2D" }],
    ["an end that has passed", { interval: "PT6H", endAt: "2026-10-05T03:00:00Z" }],
    ["a start that is ahead", { interval: "P1D", startAt: "2026-11-01T00:00:00Z" }],
  ])("counts as many tasks as the dispatch then makes: %s", async (_, values) => {
    const meter = await aMeter(database.db);
    const order = { meterId: meter.id, startAt: "2026-09-20T14:00:00Z", ...values };
    const preview = await previewJob(ctx(), order, now);
    const job = await createJob(ctx(), order);
    await createDueTasks(database.db, now, { WattWatchers: 300 });
    const tasks = await database.db.select().from(meterTasks).where(eq(meterTasks.jobId, job.id));
    expect(preview.tasksNow).toBe(tasks.length);
    expect(preview.readingsNow).toBe(tasks.reduce((sum, task) => sum + task.readingsExpected, 0));
    expect(preview.nextDueAt === null).toBe("endAt" in values);
  });

  it("says calls at once and a day, what is left of the quota, and other jobs of the meter", async () => {
    const meter = await aMeter(database.db);
    const order = { meterId: meter.id, startAt: "2026-09-09T14:00:00Z", interval: "P1D", rereadIntervals: 6 } as const;
    await createJob(ctx(), order);
    const quota = { accountKey: meter.accountKey, window: "day" as const, limit: 100, used: 70 };
    const resetAt = new Date("2026-10-11T00:00:00Z");
    await database.db.insert(sourceQuotas).values({ ...quota, windowStart: now, updatedAt: now, resetAt });
    expect(await previewJob(ctx(), order, now)).toEqual({
      firstInterval: "2026-09-09T14:00:00.000Z",
      // 10 October in Sydney is not over yet.
      dueUntil: "2026-10-09T13:00:00.000Z",
      tasksNow: 30,
      // Seven days a call.
      callsNow: 5,
      readingsNow: 30 * 288 - 12,
      nextDueAt: "2026-10-10T13:10:00.000Z",
      tasksPerDay: 1,
      callsPerDay: 1,
      quotaLeft: 30,
      otherJobs: 1,
      isFed: true,
    });
  });

  it("counts a call for each list of a source that is asked twice, and none for files", async () => {
    const order = { startAt: "2026-10-04T13:00:00Z", interval: "P1D" } as const;
    const callsOf = async (values: Parameters<typeof aMeter>[1]) => {
      const meter = await aMeter(database.db, values);
      const { callsNow, callsPerDay } = await previewJob(ctx(), { ...order, meterId: meter.id }, now);
      return [callsNow, callsPerDay];
    };
    expect(await callsOf({ type: "Solcast", settings: {} })).toEqual([2, 2]);
    expect(await callsOf({ type: "Solcast", settings: { include: ["forecasts"] } })).toEqual([1, 1]);
    expect(await callsOf({ type: "NEM12", dataSourceType: "S3", settings: {} })).toEqual([0, 0]);
  });

  it("refuses at the field what createJob refuses, and those who may not add jobs", async () => {
    const meter = await aMeter(database.db);
    const order = { meterId: meter.id, startAt: "2026-09-20T14:00:00Z" };
    const refused = previewJob(ctx(), { ...order, endAt: "2026-09-01T00:00:00Z" }, now);
    await expect(refused).rejects.toMatchObject({ fields: { endAt: expect.any(String) } });
    await expect(refused).rejects.toThrow(InvalidInput);
    const viewer: Actor = { kind: "user", id: newId(), name: "Vera", roles: ["viewer"] };
    await expect(previewJob({ db: database.db, actor: viewer }, order, now)).rejects.toThrow(Forbidden);
  });
});
