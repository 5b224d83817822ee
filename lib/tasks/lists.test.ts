import { sql } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import type { Actor } from "../auth/actor";
import { sourceQuotas } from "../db/schema/quotas";
import { testDatabase } from "../db/testing";
import { InvalidInput } from "../errors";
import { encodeCursor } from "../http/cursor";
import { newId } from "../ids";
import { aJob, aMeter, aTask, type TaskRow } from "../testing/builders";
import { countErrorCodes, listTasks } from "./queries";
import { retryTasks } from "./retry-tasks";
import { tasksWithSameError } from "./same-error";

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

describe("lists", () => {
  const busy = (code: string, at = "2026-01-01T00:00:01Z") => ({
    stage: "collection" as const,
    attempt: 1,
    startedAt: "2026-01-01T00:00:00Z",
    at,
    code,
    message: "Busy.",
    isRetryable: true,
  });

  it("pages in any order without losing rows that are alike", async () => {
    const job = await aJob(database.db);
    const updatedAt = new Date("2026-02-01T00:00:00Z");
    const tasks: TaskRow[] = [];
    for (const [index, retryCount] of [2, 0, 2, 1, 2].entries())
      tasks.push(await aTask(database.db, { job, intervalStart: day(index), retryCount, updatedAt }));
    for (const [sort, descending] of [
      ["interval", true],
      ["changed", false],
      ["retries", true],
      ["worked", true],
    ] as const) {
      const seen: string[] = [];
      let cursor: string | undefined;
      do {
        const page = await listTasks(ctx(), { jobId: job.id, sort, descending, limit: 2, cursor });
        seen.push(...page.items.map((task) => task.id));
        cursor = page.nextCursor ?? undefined;
      } while (cursor);
      expect([...seen].sort()).toEqual(tasks.map((task) => task.id).sort());
      if (sort !== "retries") continue;
      expect(seen.map((id) => tasks.find((task) => task.id === id)?.retryCount)).toEqual([2, 2, 2, 1, 0]);
    }
    const { nextCursor } = await listTasks(ctx(), { jobId: job.id, sort: "retries", limit: 1 });
    await expect(listTasks(ctx(), { jobId: job.id, cursor: nextCursor ?? "" })).rejects.toThrow(InvalidInput);
    const forged = encodeCursor(["retries down", "1; drop", newId()]);
    await expect(listTasks(ctx(), { jobId: job.id, sort: "retries", cursor: forged })).rejects.toThrow(InvalidInput);
  });

  it("keeps microseconds in a cursor, which a Date would lose", async () => {
    const job = await aJob(database.db);
    for (const index of [0, 1, 2]) await aTask(database.db, { job, intervalStart: day(index) });
    await database.db.execute(sql`
      update meter_tasks set updated_at = '2026-02-01T00:00:00.000100Z'::timestamptz
        + make_interval(secs => 0.0001 * extract(day from interval_start)) where job_id = ${job.id}`);
    const first = await listTasks(ctx(), { jobId: job.id, sort: "changed", descending: false, limit: 1 });
    const rest = await listTasks(ctx(), {
      jobId: job.id,
      sort: "changed",
      descending: false,
      cursor: first.nextCursor ?? "",
    });
    expect(rest.items).toHaveLength(2);
    expect(rest.items.map(({ id }) => id)).not.toContain(first.items[0]?.id);
  });

  it("finds by the error a task stands with now, and by retries spent", async () => {
    const job = await aJob(database.db);
    const healed = [busy("BUSY"), busy("NOT_FOUND")];
    const failed = await aTask(database.db, { job, state: "failed", retryCount: 3, executionErrs: healed });
    await aTask(database.db, { job, state: "succeeded", intervalStart: day(1), executionErrs: healed });
    await aTask(database.db, {
      job,
      state: "waiting",
      waitReason: "retry",
      intervalStart: day(2),
      executionErrs: [busy("BUSY")],
    });
    const ids = async (filter: object) =>
      (await listTasks(ctx(), { jobId: job.id, ...filter })).items.map(({ id }) => id);
    expect(await ids({ errorCode: "NOT_FOUND" })).toEqual([failed.id]);
    expect(await ids({ minRetries: 2 })).toEqual([failed.id]);
    expect(await countErrorCodes(ctx(), { jobId: job.id })).toEqual([
      { code: "BUSY", tasks: 1 },
      { code: "NOT_FOUND", tasks: 1 },
    ]);
  });

  it("filters by what tasks wait for, and by the source account of their meters", async () => {
    const meter = await aMeter(database.db);
    const { accountKey } = await aMeter(database.db, { accountKey: meter.accountKey });
    const job = await aJob(database.db, { meterId: meter.id });
    const spent = await aTask(database.db, { job, state: "waiting", waitReason: "quota" });
    const later = await aTask(database.db, { job, state: "waiting", waitReason: "retry", intervalStart: day(1) });
    await aTask(database.db, { state: "waiting", waitReason: "quota" });
    const ids = async (filter: object) => (await listTasks(ctx(), filter)).items.map(({ id }) => id);
    expect(await ids({ accountKey, waitReason: "quota" })).toEqual([spent.id]);
    expect((await ids({ accountKey })).sort()).toEqual([spent.id, later.id].sort());
    expect(await ids({ accountKey: "WattWatchers:nobody" })).toEqual([]);
  });

  it("names other tasks with the same error, those of the same meter first, and none of other meters' tokens", async () => {
    const code = `ODD_${newId()}`;
    const job = await aJob(database.db);
    const elsewhere = await aTask(database.db, { state: "failed", intervalStart: day(9), executionErrs: [busy(code)] });
    const one = await aTask(database.db, { job, state: "failed", executionErrs: [busy(code)] });
    const two = await aTask(database.db, {
      job,
      state: "waiting",
      waitReason: "retry",
      intervalStart: day(1),
      executionErrs: [busy(code)],
    });
    await aTask(database.db, { job, state: "succeeded", intervalStart: day(2), executionErrs: [busy(code)] });
    const merelyWaits = { job, state: "waiting" as const, executionErrs: [busy(code)] };
    for (const [index, waitReason] of (["data", "quota", "review"] as const).entries())
      await aTask(database.db, { ...merelyWaits, waitReason, intervalStart: day(20 + index) });
    await aTask(database.db, { job, state: "failed", intervalStart: day(3), executionErrs: [busy("OTHER")] });
    const same = await tasksWithSameError(ctx(), { taskId: one.id });
    expect(same.total).toBe(2);
    expect(same.tasks.map(({ id }) => id)).toEqual([two.id, elsewhere.id]);
    const limited = { ...ctx(), actor: tokenOf(job.meterId) };
    expect((await tasksWithSameError(limited, { taskId: one.id })).tasks.map(({ id }) => id)).toEqual([two.id]);
  });
});

describe("what a retry would cost", () => {
  it("counts calls as the vendor takes them, the quota they come from, and readings that may change", async () => {
    const meter = await aMeter(database.db);
    const job = await aJob(database.db, { meterId: meter.id, forceOverride: false });
    const failed = { job, state: "failed", readingsPresent: 10 } as const;
    // Seven days in a row are one call of Wattwatchers; the eighth and the one after a gap are a call each.
    for (const index of [0, 1, 2, 3, 4, 5, 6, 7, 20])
      await aTask(database.db, { ...failed, intervalStart: day(index), intervalEnd: day(index + 1) });
    const transformed = { ...failed, stage: "transformation" } as const;
    await aTask(database.db, { ...transformed, intervalStart: day(30), rawObjectIds: [newId()] });
    await database.db.insert(sourceQuotas).values({
      accountKey: meter.accountKey,
      window: "day",
      windowStart: day(0),
      updatedAt: day(0),
      limit: 50,
      used: 45,
      resetAt: day(9_999),
    });
    const plan = (options: object) =>
      retryTasks(ctx(), { filter: { jobId: job.id, state: ["failed"] }, dryRun: true, ...options });
    const { effect } = await plan({});
    expect(effect).toMatchObject({ vendorCalls: 3, readingsOverwritten: 100, quotas: [{ limit: 50, left: 5 }] });
    expect((await plan({ fromStage: "collection" })).effect?.vendorCalls).toBe(3);
    expect((await plan({ force: true })).effect?.vendorCalls).toBe(4);
  });

  it("costs no call for files of a bucket", async () => {
    const meter = await aMeter(database.db, { type: "NEM12", dataSourceType: "S3" });
    const job = await aJob(database.db, { meterId: meter.id });
    const task = await aTask(database.db, { job, state: "failed" });
    const plan = await retryTasks(ctx(), { taskIds: [task.id], dryRun: true, force: true });
    expect(plan.effect?.vendorCalls).toBe(0);
  });
});
