import { eq, sql } from "drizzle-orm";
import { beforeEach, describe, expect, it } from "vitest";
import { incidents, meterJobs, meters, meterTasks, sourceQuotas } from "../../db/schema";
import { testDatabase } from "../../db/testing";
import { metersByFreshness } from "../../overview/queries";
import { aJob, aMeter, aTask } from "../../testing/builders";
import { freshnessHistory } from "./queries";
import { watchIncidents } from "./watch-incidents";

const database = testDatabase();
const ctx = () => ({ db: database.db, actor: { kind: "system", name: "test" } as const });
const start = new Date("2026-07-10T02:00:00Z");
const minute = (minutes: number) => new Date(start.getTime() + minutes * 60_000);
const watch = (minutes = 0) => watchIncidents(database.db, minute(minutes));
const all = () => database.db.select().from(incidents).orderBy(incidents.detectedAt, incidents.subjectName);

beforeEach(async () => {
  await database.db.execute(sql`truncate incidents, meter_tasks, meter_jobs, meters, source_quotas cascade`);
});

/** Of five-minute readings and an hourly job without delay: late from 66 minutes after its newest reading on, by the source's lag. */
async function aCollectedMeter(name: string, newestMinutes: number) {
  const meter = await aMeter(database.db, { name, newestReadingAt: minute(newestMinutes) });
  const job = await aJob(database.db, { meterId: meter.id, interval: "PT1H", anchorAt: minute(-6000) });
  return { meter, job };
}
const hears = (meterId: string, minutes: number) =>
  database.db
    .update(meters)
    .set({ newestReadingAt: minute(minutes) })
    .where(eq(meters.id, meterId));

describe("late meters", () => {
  it("open one incident each, since they are late, and heal it when they are fresh", async () => {
    const { meter } = await aCollectedMeter("Dock", -300);
    await aCollectedMeter("Fresh", -10);
    expect(await watch()).toEqual({ opened: 1, closed: 0 });
    expect(await watch()).toEqual({ opened: 0, closed: 0 });
    expect(await watch(1)).toEqual({ opened: 0, closed: 0 });
    const [open] = await all();
    expect(open).toMatchObject({
      kind: "late",
      subjectName: "Dock",
      meterId: meter.id,
      closedAt: null,
      detectedAt: start,
    });
    expect(open?.openedAt.getTime()).toBeLessThan(minute(-180).getTime());

    await hears(meter.id, 0);
    expect(await watch(2)).toEqual({ opened: 0, closed: 1 });
    expect(await all()).toMatchObject([{ outcome: "healed", closedAt: minute(2) }]);
    await hears(meter.id, -300);
    await watch(3);
    const history = await freshnessHistory(ctx(), meter.id);
    expect(history.map(({ until, isHealed }) => [until, isHealed])).toEqual([
      [null, false],
      [minute(2).toISOString(), true],
    ]);
  });

  it("are the meters that the overview counts as late", async () => {
    for (let index = 0; index < 7; index += 1) await aCollectedMeter(`Late ${index}`, -300 - index);
    await aCollectedMeter("Fresh", -10);
    const { job } = await aCollectedMeter("Failed", -300);
    await aTask(database.db, { job, state: "failed" });
    const never = await aMeter(database.db, { name: "Never heard of" });
    await aJob(database.db, { meterId: never.id, interval: "PT1H", anchorAt: minute(-6000) });
    await watch();
    const late = (await metersByFreshness(ctx(), start)).find(({ state }) => state === "late");
    const open = (await all()).filter(({ kind, closedAt }) => kind === "late" && !closedAt);
    expect(late?.meters).toBe(8);
    expect(open).toHaveLength(8);
    expect(open.map(({ subjectName }) => subjectName)).toContain("Never heard of");
  });

  it("stay late while a failure or a backfill hides it, and heal once they caught up", async () => {
    const { meter, job } = await aCollectedMeter("Dock", -300);
    await watch();
    const task = await aTask(database.db, { job, state: "failed" });
    expect(await watch(1)).toEqual({ opened: 1, closed: 0 });
    await database.db.update(meterTasks).set({ state: "pending", priority: 2 }).where(eq(meterTasks.id, task.id));
    await watch(2);
    expect((await all()).find(({ kind }) => kind === "late")?.closedAt).toBeNull();
    await hears(meter.id, 0);
    await watch(3);
    expect((await all()).find(({ kind }) => kind === "late")).toMatchObject({ outcome: "healed", closedAt: minute(3) });
  });

  it("end without good news when their jobs are paused or they are archived", async () => {
    const paused = await aCollectedMeter("Paused", -300);
    const archived = await aCollectedMeter("Archived", -300);
    await watch();
    await database.db.update(meterJobs).set({ status: "paused" }).where(eq(meterJobs.id, paused.job.id));
    await database.db
      .update(meters)
      .set({ archivedAt: minute(1) })
      .where(eq(meters.id, archived.meter.id));
    expect(await watch(1)).toEqual({ opened: 0, closed: 2 });
    expect((await all()).map(({ outcome }) => outcome)).toEqual(["ended", "ended"]);
  });
});

const error = {
  stage: "collection" as const,
  attempt: 1,
  startedAt: start.toISOString(),
  at: start.toISOString(),
  code: "NOT_FOUND",
  message: "The vendor does not know this device.",
  isRetryable: false,
};

describe("failed tasks", () => {
  const failure = (minutes: number) => ({
    state: "failed" as const,
    finishedAt: minute(minutes),
    executionErrs: [error],
  });

  it("are one incident a meter that grows with them, and heals when none is left or tried again", async () => {
    const { job } = await aCollectedMeter("Roof", -10);
    const first = await aTask(database.db, { job, intervalStart: minute(-600), ...failure(-3) });
    await watch();
    expect(await all()).toMatchObject([{ kind: "failed", weight: 1, openedAt: minute(-3), worsenedAt: null }]);
    const second = await aTask(database.db, { job, intervalStart: minute(-540), ...failure(1) });
    expect(await watch(1)).toEqual({ opened: 0, closed: 0 });
    expect(await all()).toMatchObject([{ weight: 2, newestAt: minute(1), worsenedAt: minute(1) }]);

    const set = (id: string, values: Partial<typeof meterTasks.$inferInsert>) =>
      database.db.update(meterTasks).set(values).where(eq(meterTasks.id, id));
    await set(first.id, { state: "pending", finishedAt: null });
    await set(second.id, { state: "running", finishedAt: null });
    expect(await watch(2)).toEqual({ opened: 0, closed: 0 });
    await set(first.id, { state: "succeeded" });
    expect(await watch(3)).toEqual({ opened: 0, closed: 0 });
    await set(second.id, { state: "succeeded" });
    expect(await watch(4)).toEqual({ opened: 0, closed: 1 });
    expect(await all()).toMatchObject([{ outcome: "healed", closedAt: minute(4) }]);
  });
});

describe("quotas", () => {
  it("are spent until their reset", async () => {
    const meter = await aMeter(database.db, { type: "Solcast", credentialHint: "sol_1…9", accountKey: "Solcast:1" });
    await aMeter(database.db, { type: "Solcast", credentialHint: "sol_1…9", accountKey: meter.accountKey });
    const row = { window: "day" as const, limit: 10, windowStart: start, updatedAt: start, resetAt: minute(60) };
    await database.db.insert(sourceQuotas).values([
      { ...row, accountKey: meter.accountKey, used: 10 },
      { ...row, accountKey: "Solcast:nobody's", used: 10 },
    ]);
    expect(await watch()).toEqual({ opened: 1, closed: 0 });
    expect(await all()).toMatchObject([
      { kind: "quota_spent", subjectName: "Solcast sol_1…9", subjectId: "Solcast:1" },
    ]);
    expect(await watch(59)).toEqual({ opened: 0, closed: 0 });
    expect(await watch(60)).toEqual({ opened: 0, closed: 1 });
    expect(await all()).toMatchObject([{ outcome: "healed" }]);
  });
});

it("opens an incident once, however many watch at the same time", async () => {
  for (let index = 0; index < 5; index += 1) await aCollectedMeter(`Late ${index}`, -300);
  const watched = await Promise.all([watch(), watch(), watch(), watch()]);
  expect(watched.reduce((sum, { opened }) => sum + opened, 0)).toBe(5);
  expect(await all()).toHaveLength(5);
});
