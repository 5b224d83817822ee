import { sql } from "drizzle-orm";
import { beforeAll, describe, expect, it } from "vitest";
import type { Actor } from "../auth/actor";
import { testDatabase } from "../db/testing";
import { meterOverview } from "../fleet/meter-overview";
import { aBatchOf, again, anApiMeter, aWorker, runStages } from "../pipeline/etl/testing";
import { meterQuota } from "../quotas/meter-quota";
import { aJob, aMeter, aTask } from "../testing/builders";
import { rangeOf } from "./explore-ranges";
import { explored } from "./explored";
import { intervalSources } from "./interval-sources";
import { rangeState } from "./range-state";
import { recentRestatements } from "./restatements";

const database = testDatabase();
const actor: Actor = { kind: "system", name: "test" };
const ctx = () => ({ db: database.db, actor });
const zone = "Australia/Sydney";
// 4 to 6 April 2026, the 5th with 25 hours; the vendor misses 03:00 to 06:30 AEST that day.
const bounds = ["2026-04-03T13:00:00Z", "2026-04-04T13:00:00Z", "2026-04-05T14:00:00Z", "2026-04-06T14:00:00Z"];
const gap = { from: "2026-04-04T17:00:00.000Z", to: "2026-04-04T20:30:00.000Z" };
const now = new Date("2026-04-08T00:00:00Z");
let meterId = "";
let taskIds: string[] = [];
let changed = 1;

beforeAll(async () => {
  const [from, to] = [Date.parse(gap.from) / 1000, Date.parse(gap.to) / 1000];
  const worker = await aWorker(database.db, (_device, start) => (start >= from && start < to ? null : changed));
  const meter = await anApiMeter(database.db);
  meterId = meter.id;
  const job = await aJob(database.db, {
    meterId,
    anchorAt: new Date(bounds[0] ?? 0),
    nextIntervalAt: new Date("2026-04-07T14:00:00Z"),
  });
  const batch = await aBatchOf(database.db, job, bounds);
  taskIds = batch.tasks.map(({ id }) => id);
  await runStages(worker, batch);
  // The third day is collected again with other values, and a fourth one failed.
  changed = 1.5;
  await runStages(worker, await again(database.db, taskIds.slice(2), { isForced: true }));
  await aTask(database.db, {
    job,
    state: "failed",
    intervalStart: new Date("2026-04-06T14:00:00Z"),
    intervalEnd: new Date("2026-04-07T14:00:00Z"),
  });
});

describe("how a range stands", () => {
  it("says what the vendor did not send, what failed, and counts nothing that is not due", async () => {
    const range = { from: new Date("2026-04-01T00:00:00Z"), to: new Date("2026-04-20T00:00:00Z") };
    const state = await rangeState(ctx(), { meterId, ...range }, now);
    expect(state.startsAt).toBe(new Date(bounds[0] ?? 0).toISOString());
    expect(state.gaps).toMatchObject([
      { ...gap, reason: "vendor", taskId: taskIds[1] },
      { from: "2026-04-06T14:00:00.000Z", to: state.dueUntil, reason: "failed" },
    ]);
    expect(state.present).toBe(288 + 300 - 42 + 288);
    expect(state.expected).toBe((Date.parse(state.dueUntil ?? "") - Date.parse(bounds[0] ?? "")) / 300_000);
  });

  it("agrees with itself where whole days are looked at", async () => {
    const range = { from: new Date("2026-01-01T00:00:00Z"), to: new Date("2026-07-10T00:00:00Z") };
    const state = await rangeState(ctx(), { meterId, ...range }, new Date("2026-07-20T00:00:00Z"));
    expect(state.present).toBe(288 + 300 - 42 + 288);
    expect(state.expected).toBe((range.to.getTime() - Date.parse(bounds[0] ?? "")) / 300_000);
    expect(state.gaps[0]).toMatchObject({ from: "2026-04-06T14:00:00.000Z", reason: "failed" });
  });

  it("expects nothing of a meter without a job, and nothing before the start", async () => {
    const range = { from: new Date("2026-04-01T00:00:00Z"), to: new Date("2026-04-02T00:00:00Z") };
    const idle = await aMeter(database.db);
    expect(await rangeState(ctx(), { meterId: idle.id, ...range }, now)).toMatchObject({ expected: 0, startsAt: null });
    expect(await rangeState(ctx(), { meterId, ...range }, now)).toMatchObject({ expected: 0, gaps: [] });
  });

  it("is refused to a token of other meters", async () => {
    const token: Actor = { kind: "token", id: "t", name: "t", roles: ["viewer"], meterIds: [] };
    const range = { from: new Date(bounds[0] ?? 0), to: now };
    const as = { db: database.db, actor: token };
    await expect(rangeState(as, { meterId, ...range })).rejects.toThrow("other meters");
    await expect(recentRestatements(as, meterId)).rejects.toThrow("other meters");
    await expect(meterQuota(as, meterId)).rejects.toThrow("other meters");
    await expect(intervalSources(as, { meterId, metric: "eRealKwh", ...range })).rejects.toThrow("other meters");
  });
});

describe("where an interval comes from", () => {
  it("is its task, its object and the raw bytes before it, and what was replaced", async () => {
    const day = { from: new Date("2026-04-05T14:00:00Z"), to: new Date("2026-04-05T15:00:00Z") };
    const { sources, replaced } = await intervalSources(ctx(), { meterId, metric: "eRealKwh", ...day });
    expect(sources).toMatchObject([{ taskId: taskIds[2], readings: 12, taskFrom: day.from.toISOString() }]);
    expect(sources[0]?.object?.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(sources[0]?.inputs).toMatchObject([{ origin: { kind: "api" } }]);
    expect(replaced).toHaveLength(12);
    expect(replaced[0]).toMatchObject({ revision: 1, value: 1, replacedByTaskId: taskIds[2] });
  });

  it("names both tasks of an interval that two have", async () => {
    const over = { from: new Date("2026-04-05T13:00:00Z"), to: new Date("2026-04-05T15:00:00Z") };
    const { sources } = await intervalSources(ctx(), { meterId, metric: "eRealKwh", ...over });
    expect(sources.map(({ taskId, readings }) => [taskId, readings])).toEqual([
      [taskIds[1], 12],
      [taskIds[2], 12],
    ]);
  });

  it("lists restatements with the energy before and after", async () => {
    expect(await recentRestatements(ctx(), meterId)).toMatchObject([
      { taskId: taskIds[2], readings: 288, beforeKwh: 288, afterKwh: 432, to: "2026-04-06T14:00:00.000Z" },
    ]);
  });
});

describe("the data page", () => {
  it("cuts days of 24 and 25 hours, and moves an earlier range onto a later one", async () => {
    const range = rangeOf({ preset: "P7D", from: "2026-04-05", to: "2026-04-06" }, zone, now);
    const meters = [{ id: meterId, name: "Roof", timezone: zone }];
    const page = await explored(
      ctx(),
      { meters, metrics: ["eRealKwh", "vRmsMax"], range, granularity: "P1D", compare: "before" },
      now,
    );
    expect(page.meters[0]?.buckets).toMatchObject([
      {
        startAt: "2026-04-04T13:00:00.000Z",
        endAt: "2026-04-05T14:00:00.000Z",
        values: { eRealKwh: 258, vRmsMax: 232.2 },
      },
      { startAt: "2026-04-05T14:00:00.000Z", values: { eRealKwh: 432 }, restated: 288, readings: 288, expected: 288 },
    ]);
    expect(page.compared).toEqual({ from: "2026-04-02T13:00:00.000Z", to: "2026-04-04T13:00:00.000Z" });
    expect(page.meters[0]?.earlier).toMatchObject([{ startAt: "2026-04-05T14:00:00.000Z", values: { eRealKwh: 288 } }]);
    expect(page.strip?.buckets.length).toBeGreaterThan(60);
  });

  it("knows the hash behind every raw reading", async () => {
    const range = { from: new Date("2026-04-05T14:00:00Z"), to: new Date("2026-04-05T15:00:00Z") };
    const meters = [{ id: meterId, name: "Roof", timezone: zone }];
    const page = await explored(
      ctx(),
      { meters, metrics: ["eRealKwh"], range, granularity: "raw", compare: null },
      now,
    );
    const [meter] = page.meters;
    expect(meter?.buckets).toHaveLength(12);
    expect(meter?.hashes[meter.buckets[0]?.raw?.objectId ?? ""]).toMatch(/^[0-9a-f]{64}$/);
  });
});

describe("a meter's page", () => {
  it("shows any year of its calendar, and figures of today's whatever is shown", async () => {
    const today = await meterOverview(ctx(), meterId, { now });
    expect(today.calendar.at(-1)?.day).toBe("2026-04-08");
    expect(today.waitingTasks).toBe(0);
    const before = await meterOverview(ctx(), meterId, { now, until: "2026-04-05" });
    expect(before.calendar.at(-1)).toMatchObject({ day: "2026-04-05", readings: 258, expectedSeconds: 90_000 });
    expect(before.figures).toEqual(today.figures);
    const later = await meterOverview(ctx(), meterId, { now, until: "2027-04-05" });
    expect(later.calendar.at(-1)?.day).toBe("2026-04-08");
  });

  it("strips each job's days by readings", async () => {
    const { jobs } = await meterOverview(ctx(), meterId, { now });
    const strip = new Map(jobs[0]?.strip.map(({ day, coverage }) => [day, coverage]));
    expect(jobs[0]?.strip).toHaveLength(30);
    expect([strip.get("2026-04-03"), strip.get("2026-04-04"), strip.get("2026-04-07")]).toEqual([null, 1, 0]);
    expect(strip.get("2026-04-05")).toBeLessThan(1);
  });

  it("says what is left of the account's calls, and that they are shared", async () => {
    expect(await meterQuota(ctx(), (await aMeter(database.db)).id)).toBeNull();
    const meter = await aMeter(database.db, { accountKey: "WattWatchers:shared" });
    await aMeter(database.db, { accountKey: "WattWatchers:shared" });
    await database.db.execute(sql`insert into source_quotas
      (account_key, "window", window_start, "limit", used, reset_at, updated_at)
      values ('WattWatchers:shared', 'day', '2026-04-08T00:00:00Z', 100, 40, '2026-04-09T00:00:00Z', now())`);
    expect(await meterQuota(ctx(), meter.id, now)).toMatchObject({ limit: 100, used: 40, meters: [{}, {}] });
    const after = new Date("2026-04-09T00:00:01Z");
    expect(await meterQuota(ctx(), meter.id, after)).toMatchObject({ used: 0, resetAt: null });
  });
});
