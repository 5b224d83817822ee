import { eq, sql } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import { auditLog, findings, meterTasks, mrvRecords } from "../../db/schema";
import { testDatabase } from "../../db/testing";
import { checkReadings } from "../../findings/check-readings";
import type { CheckResult } from "../../mrv/check-result";
import { aDevice, aJob, aRecord } from "../../testing/builders";
import { aBatchOf, runStages, taskOf } from "../etl/testing";
import { breakingAt } from "../testing/breaking-at";
import { extract } from "./extract";
import { aDay, aSite, batchOf, makeRecords, recordOf, recordsOf, recordTasks, sunny } from "./testing";
import { verify } from "./verify";

const database = testDatabase();

async function aVerified(options: Parameters<typeof aSite>[1] = {}) {
  const site = await aSite(database.db, options);
  const batch = await recordTasks(database.db, site);
  await makeRecords(site.worker, batch);
  const taskId = batch.tasks.at(-1)?.id ?? "";
  return { site, batch, taskId, record: await recordOf(database.db, taskId) };
}

const named = ({ checks }: { checks: CheckResult[] }, name: string) => checks.find(({ check }) => check === name);

describe("verification", () => {
  it("leaves a record whose checks passed to a reviewer, with all that they said", async () => {
    const { taskId, record } = await aVerified({ meter: { capacityKw: 10 } });
    expect(record).toMatchObject({ status: "verified", verifiedAt: expect.any(Date), decidedAt: null, submitAt: null });
    expect(record.checksFailed).toBe(0);
    expect(record.checksPassed).toBe(record.checks.filter(({ result }) => result === "passed").length);
    expect(record.checksPassed).toBeGreaterThan(12);
    expect(named(record, "coverage")).toMatchObject({ figure: "100 %", sentence: "288 of 288 readings in 24 hours." });
    const task = await taskOf(database.db, taskId);
    expect(task).toMatchObject({ state: "waiting", waitReason: "review", waitUntil: null, stage: "submission" });
    expect(task.timings.map(({ stage, outcome }) => [stage, outcome])).toEqual([
      ["extraction", "succeeded"],
      ["verification", "succeeded"],
    ]);
  });

  it("keeps a record with a failed check at verification", async () => {
    const { taskId, record } = await aVerified({
      vendor: (device, at) => (at % 3600 === 0 ? null : sunny(device, at)),
    });
    expect(record).toMatchObject({ status: "verification_failed", checksFailed: 1 });
    expect(named(record, "coverage")).toMatchObject({ result: "failed", figure: "91.666 %", isBlocking: false });
    expect(await taskOf(database.db, taskId)).toMatchObject({
      state: "waiting",
      waitReason: "review",
      stage: "verification",
    });
  });

  it("approves by itself what passed every check, and nothing else", async () => {
    const settings = { MRV_APPROVAL: "auto" };
    const { record, taskId } = await aVerified({ settings });
    expect(record).toMatchObject({ status: "approved", isAutoApproved: true, submitAt: expect.any(Date) });
    expect(await taskOf(database.db, taskId)).toMatchObject({
      state: "waiting",
      waitReason: "review",
      stage: "submission",
    });
    const log = await database.db.select().from(auditLog).where(eq(auditLog.objectId, record.id));
    expect(log).toMatchObject([{ action: "record.approved", actorKind: "system", meterId: record.meterId }]);
    const failed = await aVerified({ settings, vendor: (device, at) => (at % 3600 === 0 ? null : sunny(device, at)) });
    expect(failed.record).toMatchObject({ status: "verification_failed", submitAt: null, isAutoApproved: false });
    expect((await aVerified()).record).toMatchObject({ status: "verified", submitAt: null });
  });

  it("looks at readings that nothing has looked at yet before it asks for findings", async () => {
    const days = ["2025-12-30T13:00:00Z", "2025-12-31T13:00:00Z", "2026-01-01T13:00:00Z"];
    const at = Date.parse("2026-01-01T02:00:00Z") / 1000;
    const { record } = await aVerified({
      bounds: days,
      vendor: (device, second) => (second === at ? 50 : sunny(device, second)),
    });
    expect(named(record, "spike")).toMatchObject({ result: "failed", figure: "1" });
    const stored = await database.db.select().from(findings).where(eq(findings.meterId, record.meterId));
    expect(stored.map(({ check }) => check)).toContain("spike");
    expect(named(record, "spike")?.sentence).toContain("Spike, 1 Jan 13:00");
  });

  it("makes a record again whose readings changed between its two stages", async () => {
    const site = await aSite(database.db);
    const batch = await recordTasks(database.db, site);
    const taskId = batch.tasks[0]?.id ?? "";
    await extract(site.worker, batch);
    await database.db.execute(sql`
      update meter_data set e_real_positive_kwh = 0.01, e_real_kwh = 0.01 where meter_id = ${site.meter.id} and timestamp = ${aDay[0]}`);
    await verify(site.worker, batch);
    expect(await recordOf(database.db, taskId)).toMatchObject({ status: "verification_failed" });
    expect(named(await recordOf(database.db, taskId), "restated")).toMatchObject({
      result: "failed",
      isBlocking: true,
    });
    expect(await taskOf(database.db, taskId)).toMatchObject({ state: "pending", stage: "extraction", batchId: null });
    await makeRecords(site.worker, await batchOf(database.db, taskId));
    expect(
      (await recordsOf(database.db, taskId)).map(({ status, replacedAt }) => [status, replacedAt !== null]),
    ).toEqual([
      ["verification_failed", true],
      ["verified", false],
    ]);
  });

  it("is all there or nothing, wherever it is cut", async () => {
    const site = await aSite(database.db, { settings: { MRV_APPROVAL: "auto" } });
    const batch = await recordTasks(database.db, site);
    const taskId = batch.tasks[0]?.id ?? "";
    await extract(site.worker, batch);
    await checkReadings(database.db, () => new Date(), new Date(Date.now() + 60_000));
    let cuts = 0;
    for (let statement = 1; ; statement++) {
      const { db, isReached } = breakingAt(database.db, statement);
      const cut = verify({ ...site.worker, db }, batch);
      if (
        !(await cut.then(
          () => isReached(),
          () => true,
        ))
      )
        break;
      cuts += 1;
      expect(await recordOf(database.db, taskId)).toMatchObject({ status: "extracted", checks: [] });
    }
    expect(cuts).toBeGreaterThan(10);
    expect(await recordOf(database.db, taskId)).toMatchObject({ status: "approved" });
  });

  it("sees the same energy under another name, and other meters of the device", async () => {
    const device = await aDevice(database.db);
    const { site, record } = await aVerified({ meter: { deviceId: device.id }, settings: { MRV_METRIC: "eRealKwh" } });
    expect(named(record, "overlap")).toMatchObject({ result: "passed", figure: "none" });
    const settings = { ...record.settings, MRV_METRIC: "eRealPositiveKwh" as const };
    const parts = await aJob(database.db, { ...site.mrv, id: undefined, name: "Parts of it", settings });
    const same = await recordTasks(database.db, { mrv: parts, bounds: aDay });
    await makeRecords(site.worker, same);
    const second = await recordOf(database.db, same.tasks[0]?.id ?? "");
    expect(named(second, "overlap")).toMatchObject({ result: "failed", isBlocking: true, figure: "1 record" });
    expect(named(second, "overlap")?.sentence).toContain("by Record every day");
    const beside = await aVerified({ meter: { deviceId: device.id }, settings: { MRV_METRIC: "eRealNegativeKwh" } });
    expect(named(beside.record, "overlap")).toMatchObject({ result: "failed", isBlocking: false });
  });

  it("compares with another meter of the same metric, and with the median of earlier records", async () => {
    const other = await aSite(database.db, { vendor: () => 0.25 });
    const { site, record } = await aVerified({
      vendor: () => 0.2,
      settings: { MRV_CROSS_CHECK_METER: other.meter.id, MRV_EARLIER_TOLERANCE: 0.1 },
    });
    expect(named(record, "cross-check")).toMatchObject({
      ...{ result: "failed", label: "Cross-check, Roof, north", figure: "−20.0 %", threshold: "within ±15 %" },
      sentence: "72 kWh by the other meter.",
    });
    expect(named(record, "earlier-records")).toMatchObject({ result: "not_applicable" });
    const next = ["2026-01-01T13:00:00Z", "2026-01-02T13:00:00Z"];
    await runStages(site.worker, await aBatchOf(database.db, site.etl, next));
    const batch = await recordTasks(database.db, { mrv: site.mrv, bounds: next });
    await makeRecords(site.worker, batch);
    const second = await recordOf(database.db, batch.tasks[0]?.id ?? "");
    expect(named(second, "earlier-records")).toMatchObject({ result: "passed", figure: "+0.0 %" });
    expect(named(second, "cross-check")).toMatchObject({ result: "failed", figure: null });
  });

  it("takes of earlier records the newest seven, a correction for what it corrects, and no rejected one", async () => {
    const { site, taskId } = await aVerified({ settings: { MRV_EARLIER_TOLERANCE: 0.1 } });
    await database.db.delete(mrvRecords).where(eq(mrvRecords.taskId, taskId));
    const day = (index: number) => new Date(Date.parse(aDay[0]) - index * 86_400_000);
    const earlier = async (index: number, value: string, values: Parameters<typeof aRecord>[1] = {}) =>
      aRecord(database.db, {
        device: site.device,
        meter: site.meter,
        job: site.mrv,
        taskId,
        periodStart: day(index),
        value,
        ...values,
      });
    for (let index = 2; index <= 9; index++) await earlier(index, String(100 + index));
    const decided = { decidedAt: new Date(), decidedById: "a" };
    await earlier(1, "1", { status: "rejected", ...decided });
    const first = await earlier(1, "5000", { status: "submitted", ...decided });
    await earlier(1, "101", { correctsId: first.id, correction: 1 });
    const other = await aJob(database.db, { ...site.mrv, id: undefined });
    const batch = await recordTasks(database.db, { mrv: other, bounds: aDay });
    await makeRecords(site.worker, batch);
    const record = await recordOf(database.db, batch.tasks[0]?.id ?? "");
    expect(named(record, "earlier-records")?.sentence).toBe("104 kWh by the median of 7 earlier records.");
  });

  it("names failed intervals of the period, and archive objects that have no row", async () => {
    const site = await aSite(database.db);
    await aBatchOf(
      database.db,
      await aJob(database.db, { meterId: site.meter.id, name: "Again", status: "ended" }),
      aDay,
    );
    await database.db
      .update(meterTasks)
      .set({ state: "failed" })
      .where(sql`meter_id = ${site.meter.id} and state = 'queued'`);
    await database.db.execute(sql`delete from archive_objects where meter_id = ${site.meter.id} and kind = 'raw'`);
    const batch = await recordTasks(database.db, site);
    await makeRecords(site.worker, batch);
    const record = await recordOf(database.db, batch.tasks[0]?.id ?? "");
    expect(named(record, "collection")).toMatchObject({ result: "failed", figure: "1", isBlocking: false });
    expect(named(record, "collection")?.sentence).toBe("1 task of Again failed, 1 Jan 00:00 to 2 Jan 00:00.");
    expect(named(record, "evidence")).toMatchObject({ result: "failed", isBlocking: true });
  });
});
