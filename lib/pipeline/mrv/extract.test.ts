import { eq, sql } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import type { Db } from "../../db/client";
import { archiveObjects, devices, meterJobs, meters, meterTasks, mrvRecords } from "../../db/schema";
import { testDatabase } from "../../db/testing";
import { canonicalRows, type EvidenceReading } from "../../mrv/evidence/canonical-rows";
import { evidenceHash } from "../../mrv/evidence/evidence-hash";
import { sha256Hex } from "../../secrets";
import { aDevice, aJob } from "../../testing/builders";
import { aBatchOf, runStages, taskOf } from "../etl/testing";
import { breakingAt } from "../testing/breaking-at";
import { extract } from "./extract";
import { aDay, aLongDay, aSite, batchOf, makeRecords, recordOf, recordsOf, recordTasks, sunny } from "./testing";
import { verify } from "./verify";

const database = testDatabase();

async function anExtracted(options: Parameters<typeof aSite>[1] = {}) {
  const site = await aSite(database.db, options);
  const batch = await recordTasks(database.db, site);
  const counts = await extract(site.worker, batch);
  const taskId = batch.tasks[0]?.id ?? "";
  return { site, batch, counts, taskId };
}

/** What `meter_data` holds of a period, asked in another way than the extraction does. */
async function storedReadings(db: Db, meterId: string, [from, to]: readonly [string, string]) {
  return db.execute<EvidenceReading & Record<string, unknown>>(sql`
    select to_char(timestamp at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as start, duration_seconds as "durationSeconds",
      trim_scale(e_real_positive_kwh)::text as value, trim_scale(carbon_tons)::text as "carbonTons", carbon_factor_id as "factorId",
      quality, object_id as "objectId"
    from meter_data where meter_id = ${meterId} and timestamp >= ${from} and timestamp < ${to} order by timestamp`);
}

describe("extraction", () => {
  it("sums a day of 25 hours to the last digit, and hashes all that the figure rests on", async () => {
    const { site, taskId, counts } = await anExtracted({ bounds: aLongDay });
    expect(counts).toEqual({ tasks: 1, succeeded: 1, failed: 0, rows: 300 });
    const record = await recordOf(database.db, taskId);
    const [sums] = await database.db.execute<{ value: string }>(sql`
      select trim_scale(sum(e_real_positive_kwh))::text as value from meter_data where meter_id = ${site.meter.id}`);
    expect(record).toMatchObject({
      ...{ status: "extracted", metric: "eRealPositiveKwh", unit: "kWh", value: sums?.value, carbonTons: null },
      ...{
        readings: 300,
        expected: 300,
        coverage: 1,
        deviceId: site.device.id,
        did: site.device.did,
        policyId: "66f0a1",
      },
      ...{ timezone: "Australia/Sydney", replacesId: null, correctsId: null, correction: 0 },
    });
    const { evidence } = record;
    expect(evidence.coverage).toEqual({
      expected: 300,
      present: 300,
      ratio: "1.000000",
      longestGapMinutes: 0,
      missing: [],
    });
    expect(evidence.qualities).toEqual({ actual: 300 });
    expect(evidence.figures).toMatchObject({ value: sums?.value });
    const rows = canonicalRows("eRealPositiveKwh", await storedReadings(database.db, site.meter.id, aLongDay));
    expect(evidence.readings).toEqual({ count: 300, sha256: sha256Hex(rows) });
    expect(record.evidenceHash).toBe(evidenceHash(evidence));
    const objects = await database.db.select().from(archiveObjects).where(eq(archiveObjects.meterId, site.meter.id));
    const hashes = Object.fromEntries(objects.map(({ id, sha256 }) => [id, sha256]));
    expect(Object.fromEntries(evidence.objects.map(({ id, sha256 }) => [id, sha256]))).toEqual(hashes);
    expect(evidence.objects.map(({ kind }) => kind)).toEqual(["raw", "transformed"]);
    expect(evidence.objects[1]?.inputIds).toEqual([evidence.objects[0]?.id]);
    expect(await taskOf(database.db, taskId)).toMatchObject({
      ...{ stage: "verification", state: "running", readingsPresent: 300, readingsExpected: 300, rowsRead: 300 },
    });
  });

  it("takes the readings that start in its period and no others, and no forecast into the figure", async () => {
    const days = ["2025-12-31T13:00:00Z", "2026-01-01T13:00:00Z", "2026-01-02T13:00:00Z"];
    const site = await aSite(database.db, { bounds: days, vendor: () => 0.25 });
    await database.db.execute(sql`
      update meter_data set quality = 'forecast' where meter_id = ${site.meter.id} and timestamp = '2026-01-01T20:00:00Z'`);
    const batch = await recordTasks(database.db, site);
    await extract(site.worker, batch);
    const [first, second] = await Promise.all(batch.tasks.map(({ id }) => recordOf(database.db, id)));
    expect(first).toMatchObject({ value: "72", readings: 288, expected: 288, coverage: 1 });
    expect(second).toMatchObject({ value: "71.75", readings: 287, expected: 288 });
    expect(second?.evidence.qualities).toEqual({ actual: 287, forecast: 1 });
    expect(second?.evidence.coverage.missing).toEqual([
      { from: "2026-01-01T20:00:00.000Z", to: "2026-01-01T20:05:00.000Z" },
    ]);
  });

  it("names what is missing, and makes a record without a figure where nothing is there", async () => {
    const gone = (startEpochSeconds: number) => new Date(startEpochSeconds * 1000).getUTCHours() === 3;
    const { taskId } = await anExtracted({ vendor: (device, at) => (gone(at) ? null : sunny(device, at)) });
    const record = await recordOf(database.db, taskId);
    expect(record).toMatchObject({ readings: 276, expected: 288 });
    expect(record.evidence.coverage).toMatchObject({ ratio: "0.958333", longestGapMinutes: 60 });
    const empty = await aSite(database.db);
    await database.db.execute(sql`delete from meter_data where meter_id = ${empty.meter.id}`);
    const batch = await recordTasks(database.db, empty);
    await extract(empty.worker, batch);
    expect(await recordOf(database.db, batch.tasks[0]?.id ?? "")).toMatchObject({
      value: null,
      readings: 0,
      coverage: 0,
      expected: 288,
    });
  });

  it.each([
    [
      "no device",
      "NO_DEVICE",
      (site: Site) => database.db.update(meters).set({ deviceId: null }).where(eq(meters.id, site.meter.id)),
    ],
    [
      "an archived device",
      "DEVICE_ARCHIVED",
      (site: Site) => database.db.update(devices).set({ archivedAt: new Date() }).where(eq(devices.id, site.device.id)),
    ],
    [
      "settings that cannot be used",
      "MRV_SETTINGS",
      (site: Site) =>
        database.db
          .update(meterJobs)
          .set({ settings: { MRV_METRIC: "vRmsMin" } })
          .where(eq(meterJobs.id, site.mrv.id)),
    ],
  ])("fails a task of %s, and says so", async (_what, code, spoil) => {
    const site = await aSite(database.db);
    const batch = await recordTasks(database.db, site);
    await spoil(site);
    expect(await extract(site.worker, batch)).toMatchObject({ succeeded: 0, failed: 1 });
    const task = await taskOf(database.db, batch.tasks[0]?.id ?? "");
    expect(task).toMatchObject({ state: "failed", executionErrs: [{ code, stage: "extraction", isRetryable: false }] });
    expect(await recordsOf(database.db, task.id)).toEqual([]);
  });

  it("gives one record wherever it is cut, and goes on from there", async () => {
    const site = await aSite(database.db);
    const [task] = (await recordTasks(database.db, site)).tasks;
    let cuts = 0;
    for (let statement = 1; ; statement++) {
      const batch = await batchOf(database.db, task?.id ?? "");
      const { db, isReached } = breakingAt(database.db, statement);
      const cut = extract({ ...site.worker, db }, batch);
      if (
        !(await cut.then(
          () => isReached(),
          () => true,
        ))
      )
        break;
      cuts += 1;
      await expect(cut).rejects.toThrow("The process died here.");
      expect(await recordsOf(database.db, task?.id ?? "")).toEqual([]);
    }
    expect(cuts).toBeGreaterThan(8);
    const before = await recordOf(database.db, task?.id ?? "");
    // Between the stages: the record is there, and the task goes through extraction once more.
    await database.db
      .update(meterTasks)
      .set({ stage: "extraction" })
      .where(eq(meterTasks.id, task?.id ?? ""));
    await makeRecords(site.worker, await batchOf(database.db, task?.id ?? ""));
    expect(await recordsOf(database.db, task?.id ?? "")).toMatchObject([{ id: before.id, status: "verified" }]);
  });

  it("replaces a record that was cut off before verification when its readings are others by now", async () => {
    const { site, taskId } = await anExtracted();
    const before = await recordOf(database.db, taskId);
    await database.db.execute(sql`
      update meter_data set e_real_positive_kwh = 9 where meter_id = ${site.meter.id} and timestamp = ${aDay[0]}`);
    await database.db.update(meterTasks).set({ stage: "extraction" }).where(eq(meterTasks.id, taskId));
    await extract(site.worker, await batchOf(database.db, taskId));
    const [old, made] = await recordsOf(database.db, taskId);
    expect(old).toMatchObject({ id: before.id, replacedAt: expect.any(Date) });
    expect(made).toMatchObject({ replacesId: before.id, evidence: { record: { replacesId: before.id } } });
  });

  it("stores one of twenty records of a period that are made at once, and tells the others who has it", async () => {
    const site = await aSite(database.db);
    const batches = await Promise.all(
      Array.from({ length: 20 }, async () => {
        const mrv = await aJob(database.db, { ...site.mrv, id: undefined, name: "Another" });
        return recordTasks(database.db, { mrv, bounds: aDay });
      }),
    );
    await Promise.all(batches.map((batch) => extract(site.worker, batch)));
    const records = await database.db.select().from(mrvRecords).where(eq(mrvRecords.meterId, site.meter.id));
    expect(records).toHaveLength(1);
    const tasks = await Promise.all(batches.map(({ tasks }) => taskOf(database.db, tasks[0]?.id ?? "")));
    const losers = tasks.filter(({ id }) => id !== records[0]?.taskId);
    expect(losers).toHaveLength(19);
    for (const loser of losers) {
      expect(loser).toMatchObject({ state: "failed", executionErrs: [{ code: "PERIOD_TAKEN" }] });
      expect(loser.executionErrs[0]?.message).toContain(
        `taken by the record ${records[0]?.id} of Roof, north and Inverter A`,
      );
    }
  });

  it("lets one of two meters of a device issue its period, though both are made at once", async () => {
    const device = await aDevice(database.db);
    const sites = await Promise.all([1, 2].map(() => aSite(database.db, { meter: { deviceId: device.id } })));
    const batches = await Promise.all(sites.map((site) => recordTasks(database.db, site)));
    await Promise.all(sites.map((site, index) => extract(site.worker, batches[index] ?? { batchId: "", runId: "" })));
    expect(await database.db.select().from(mrvRecords).where(eq(mrvRecords.deviceId, device.id))).toHaveLength(1);
  });

  it.each([
    ["approved", { state: "waiting", waitReason: "review", stage: "submission" }],
    ["submission_unknown", { state: "waiting", waitReason: "review", stage: "submission" }],
    ["submitted", { state: "succeeded", stage: "submission" }],
  ] as const)("makes no second record of a task whose record is %s", async (status, stands) => {
    const { site, taskId } = await anExtracted();
    const decided = { status, decidedAt: new Date(), decidedById: "a" };
    await database.db.update(mrvRecords).set(decided).where(eq(mrvRecords.taskId, taskId));
    await database.db.update(meterTasks).set({ stage: "extraction" }).where(eq(meterTasks.id, taskId));
    await makeRecords(site.worker, await batchOf(database.db, taskId));
    expect(await recordsOf(database.db, taskId)).toMatchObject([{ status }]);
    expect(await taskOf(database.db, taskId)).toMatchObject(stands);
  });

  it("makes the next record of a rejected one in its place", async () => {
    const { site, taskId } = await anExtracted();
    const first = await recordOf(database.db, taskId);
    const decided = { status: "rejected" as const, decidedAt: new Date(), decidedById: "a" };
    await database.db.update(mrvRecords).set(decided).where(eq(mrvRecords.id, first.id));
    await database.db.update(meterTasks).set({ stage: "extraction" }).where(eq(meterTasks.id, taskId));
    await makeRecords(site.worker, await batchOf(database.db, taskId));
    const [old, made] = await recordsOf(database.db, taskId);
    expect(old).toMatchObject({ status: "rejected", replacedAt: expect.any(Date) });
    expect(made).toMatchObject({ status: "verified", replacesId: first.id, replacedAt: null });
  });

  it("leaves a task alone that was cancelled or taken back while it worked", async () => {
    const site = await aSite(database.db);
    const batch = await recordTasks(database.db, site);
    const [task] = batch.tasks;
    await database.db
      .update(meterTasks)
      .set({ state: "cancelled" })
      .where(eq(meterTasks.id, task?.id ?? ""));
    expect(await extract(site.worker, batch)).toMatchObject({ tasks: 0 });
    expect(await verify(site.worker, batch)).toMatchObject({ tasks: 0 });
    expect(await recordsOf(database.db, task?.id ?? "")).toEqual([]);
  });

  it("names the emission factor behind the carbon, with how many readings it is of", async () => {
    const region = `R-${Date.now()}`;
    await database.db.execute(sql`
      insert into emission_factors (publisher, edition, region, scope, method, value, unit, valid_from, source)
      values ('P', '2026', ${region}, '2', 'location', 0.5, 'kg CO2-e/kWh', '2025-01-01', 'test')`);
    const { site, taskId } = await anExtracted({ meter: { region } });
    const record = await recordOf(database.db, taskId);
    const [sums] = await database.db.execute<{ tons: string }>(sql`
      select trim_scale(sum(carbon_tons))::text as tons from meter_data where meter_id = ${site.meter.id}`);
    expect(record.carbonTons).toBe(sums?.tons);
    expect(record.evidence.factors).toMatchObject([
      { region, edition: "2026", value: "0.5", validTo: null, readings: 288 },
    ]);
  });

  it("gives the batch's other tasks their records where one waits or fails", async () => {
    const days = ["2025-12-31T13:00:00Z", "2026-01-01T13:00:00Z", "2026-01-02T13:00:00Z"];
    const site = await aSite(database.db, { bounds: days });
    const again = await aBatchOf(
      database.db,
      await aJob(database.db, { meterId: site.meter.id, status: "ended" }),
      days.slice(1),
    );
    const batch = await recordTasks(database.db, site);
    await makeRecords(site.worker, batch);
    const [first, second] = await Promise.all(batch.tasks.map(({ id }) => taskOf(database.db, id)));
    expect(first).toMatchObject({ state: "waiting", waitReason: "review" });
    expect(second).toMatchObject({ state: "waiting", waitReason: "data" });
    await runStages(site.worker, again);
    await makeRecords(site.worker, await batchOf(database.db, second?.id ?? ""));
    expect(await taskOf(database.db, second?.id ?? "")).toMatchObject({ state: "waiting", waitReason: "review" });
  });
});

type Site = Awaited<ReturnType<typeof aSite>>;
