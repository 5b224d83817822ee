import { beforeAll, describe, expect, it } from "vitest";
import { meterDataHourly, sourceQuotas } from "../db/schema";
import { testDatabase } from "../db/testing";
import { aDevice, aJob, aMeter, aTask } from "../testing/builders";
import { compareSoFar, energyToday } from "./energy-today";
import { findInFleet } from "./find-in-fleet";
import { dayQuotas, needsPerson, queue, tasksByHour, troubleNow } from "./queries";
import { shellFacts } from "./shell-facts";

const database = testDatabase();
const actor = { kind: "system", name: "test" } as const;
const ctx = () => ({ db: database.db, actor });
const zone = "Australia/Sydney";
/** Monday 23 November 2026, 16:42 in Sydney. */
const now = new Date("2026-11-23T05:42:00Z");

async function hourOf(meterId: string, hour: string, kwh: string) {
  await database.db.insert(meterDataHourly).values({
    meterId,
    hour: new Date(hour),
    readings: 12,
    estimated: 0,
    restated: 0,
    coveredSeconds: 3600,
    eRealKwh: kwh,
  });
}

describe("the overview", () => {
  let roof: Awaited<ReturnType<typeof aMeter>>;
  let archived: Awaited<ReturnType<typeof aMeter>>;
  beforeAll(async () => {
    roof = await aMeter(database.db, { name: "Dock roof", dataSource: "DD1" });
    await aMeter(database.db, { name: "Harbour 100%" });
    await aMeter(database.db, { name: "Boatyard", timezone: "Australia/Perth" });
    archived = await aMeter(database.db, { name: "Dock, gone", archivedAt: now });
  });

  it("takes the civil day of the fleet's zone and the same weekday a week before, without archived meters", async () => {
    await hourOf(roof.id, "2026-11-22T12:00:00Z", "9"); // 23:00 on Sunday: not today
    await hourOf(roof.id, "2026-11-22T13:00:00Z", "1.5"); // midnight
    await hourOf(archived.id, "2026-11-22T13:00:00Z", "100");
    await hourOf(roof.id, "2026-11-15T13:00:00Z", "4");
    const energy = await energyToday(ctx(), zone, now);
    expect(energy.dayStart).toBe("2026-11-22T13:00:00.000Z");
    expect(energy.today.map(({ hour, energyKwh }) => [hour, energyKwh])).toEqual([["2026-11-22T13:00:00.000Z", 1.5]]);
    expect(energy.lastWeek.map(({ energyKwh }) => energyKwh)).toEqual([4]);
    expect(energy.metersHeard).toBe(1);
  });

  it("compares whole hours with the same hours of last week, and leaves the newest out", async () => {
    const hour = (at: string, energyKwh: number) => ({
      hour: at,
      energyKwh,
      carbonTons: null,
      readings: 1,
      estimated: 0,
      restated: 0,
    });
    const energy = {
      dayStart: "2026-11-22T13:00:00Z",
      dayEnd: "2026-11-23T13:00:00Z",
      lastWeekStart: "2026-11-15T13:00:00Z",
      today: [hour("2026-11-22T13:00:00Z", 11), hour("2026-11-22T14:00:00Z", 1)],
      lastWeek: [hour("2026-11-15T13:00:00Z", 10), hour("2026-11-15T14:00:00Z", 10)],
      metersHeard: 1,
    };
    expect(compareSoFar(energy)).toMatchObject({ energyPercent: expect.closeTo(10), carbonPercent: null });
    expect(compareSoFar({ ...energy, today: energy.today.slice(0, 1) })).toBeNull();
    expect(compareSoFar({ ...energy, lastWeek: [] })?.energyPercent).toBeNull();
  });

  it("shows each meter's trouble once, failed before waiting, with how many are alike", async () => {
    const job = await aJob(database.db, { meterId: roof.id, name: "Hourly" });
    const error = (isRetryable: boolean) => ({
      stage: "collection" as const,
      attempt: 1,
      startedAt: now.toISOString(),
      at: now.toISOString(),
      code: "NOT_FOUND",
      message: "The vendor does not know this device.",
      isRetryable,
    });
    const start = (hours: number) => new Date(now.getTime() - hours * 3_600_000);
    for (const hours of [3, 4]) {
      await aTask(database.db, {
        job,
        intervalStart: start(hours),
        state: "failed",
        executionErrs: [error(hours === 3)],
        updatedAt: start(hours),
      });
    }
    await aTask(database.db, {
      job,
      intervalStart: start(2),
      state: "waiting",
      waitReason: "quota",
      updatedAt: start(1),
    });
    const mrv = await aJob(database.db, { meterId: roof.id, type: "mrv" });
    const waits = { job: mrv, state: "waiting" as const, waitReason: "review" as const, updatedAt: start(5) };
    await aTask(database.db, { ...waits, intervalStart: start(24), executionErrs: [error(true)] });
    const unknown = { ...error(false), code: "SUBMISSION_UNKNOWN" };
    await aTask(database.db, { ...waits, intervalStart: start(48), executionErrs: [unknown] });
    const gone = await aJob(database.db, { meterId: archived.id });
    await aTask(database.db, { job: gone, state: "failed", updatedAt: start(1) });

    const trouble = await troubleNow(ctx());
    expect(trouble.map(({ type, state, alike }) => [type, state, alike])).toEqual([
      ["etl", "failed", 2],
      ["etl", "waiting", 1],
      ["mrv", "waiting", 1],
    ]);
    expect(trouble[2]?.error?.code).toBe("SUBMISSION_UNKNOWN");
    expect(trouble[0]?.intervalStart).toBe(start(3).toISOString());
    expect(await needsPerson(ctx())).toEqual({
      failedTasks: 2,
      failedMeters: 1,
      retryable: 1,
      failedMeterName: "Dock roof",
    });
    expect(await shellFacts(ctx())).toEqual({ failedTasks: 2, toReview: 0, siteZone: zone });
    const failed = (await tasksByHour(ctx(), now)).filter(({ state }) => state === "failed");
    expect(failed.reduce((sum, { tasks }) => sum + tasks, 0)).toBe(2);
  });

  it("counts as queue what is due, not what lies ahead", async () => {
    const job = await aJob(database.db, { name: "Queue" });
    const at = (hours: number) => new Date(now.getTime() + hours * 3_600_000);
    await aTask(database.db, { job, intervalStart: at(-48), dueAt: at(-1), createdAt: at(-2) });
    await aTask(database.db, { job, intervalStart: at(-24), dueAt: at(5), createdAt: at(-2) });
    expect(await queue(ctx(), now)).toEqual({ depth: 1, oldestSince: at(-1).toISOString() });
  });

  it("counts a quota's used calls only until its reset", async () => {
    const row = { window: "day" as const, limit: 10, used: 10, windowStart: now, updatedAt: now };
    const spent = await aMeter(database.db, { accountKey: "Solcast:a" });
    await aMeter(database.db, { accountKey: "Solcast:b" });
    await database.db.insert(sourceQuotas).values([
      { ...row, accountKey: spent.accountKey, resetAt: new Date("2026-11-24T00:00:00Z") },
      { ...row, accountKey: "Solcast:b", resetAt: new Date("2026-11-23T00:00:00Z") },
    ]);
    expect((await dayQuotas(ctx(), now)).map(({ accountKey, used, resetAt }) => [accountKey, used, resetAt])).toEqual([
      ["Solcast:a", 10, "2026-11-24T00:00:00.000Z"],
      ["Solcast:b", 0, "2026-11-24T00:00:00.000Z"],
    ]);
  });

  it("finds meters and jobs by name, takes % as it is, and leaves out what is archived", async () => {
    const names = async (text: string) => (await findInFleet(ctx(), { text })).meters.map(({ name }) => name);
    expect(await names("dock")).toEqual(["Dock roof"]);
    expect(await names("100%")).toEqual(["Harbour 100%"]);
    expect((await findInFleet(ctx(), { text: "hourly" })).jobs).toMatchObject([{ name: "Hourly", note: "Dock roof" }]);
  });

  it("finds devices by name and DID, for a limited token those of its meters", async () => {
    const device = await aDevice(database.db, { name: "Dock inverter" });
    await aDevice(database.db, { name: "Dock inverter, old", archivedAt: now });
    const names = async (text: string, on = ctx()) => (await findInFleet(on, { text })).devices.map(({ name }) => name);
    expect(await names("dock inv")).toEqual(["Dock inverter"]);
    expect(await names(device.did)).toEqual(["Dock inverter"]);
    const meter = await aMeter(database.db, { name: "Behind it", deviceId: device.id });
    const tokenOf = (meterId: string) => ({
      db: database.db,
      actor: { kind: "token", id: "t", name: "t", roles: ["viewer"], meterIds: [meterId] } as never,
    });
    expect(await names("dock inv", tokenOf(meter.id))).toEqual(["Dock inverter"]);
    expect(await names("dock inv", tokenOf(roof.id))).toEqual([]);
  });

  it("shows an API token only its own meters", async () => {
    const token = { kind: "token", id: "t", name: "t", roles: ["viewer"], meterIds: [archived.id] } as const;
    const limited = { db: database.db, actor: token };
    expect(await troubleNow(limited)).toEqual([]);
    expect((await energyToday(limited, zone, now)).today).toEqual([]);
    expect((await findInFleet(limited, { text: "dock" })).meters).toEqual([]);
  });
});
