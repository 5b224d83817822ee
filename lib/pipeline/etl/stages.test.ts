import { asc, eq, sql } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import { archiveObjects, emissionFactors, meterData, meterDataRevisions, meters } from "../../db/schema";
import { testDatabase } from "../../db/testing";
import { aJob } from "../../testing/builders";
import { aBatchOf, again, anApiMeter, aWorker, runStages, taskOf, type Vendor } from "./testing";

const database = testDatabase();
const days = ["2026-04-04T13:00:00Z", "2026-04-05T14:00:00Z", "2026-04-06T14:00:00Z"] as const;
const steady: Vendor = (_device, start) => (start % 3600) / 36_000;

async function readingsOf(meterId: string) {
  return database.db.select().from(meterData).where(eq(meterData.meterId, meterId)).orderBy(asc(meterData.timestamp));
}

async function snapshot() {
  const tables = ["meter_data", "meter_data_revisions", "meter_data_hourly", "meter_data_daily"];
  const rows = await Promise.all(
    tables.map((table) => database.db.execute(sql`select t.*::text from ${sql.identifier(table)} t order by 1`)),
  );
  return JSON.stringify(rows);
}

describe("a batch through all stages", () => {
  it("brings two civil days, one of 25 hours, with one call into meter_data", async () => {
    const meter = await anApiMeter(database.db);
    const job = await aJob(database.db, { meterId: meter.id, anchorAt: new Date(days[0]) });
    const batch = await aBatchOf(database.db, job, days);
    const worker = await aWorker(database.db, steady);
    const counts = await runStages(worker, batch);
    expect(counts.ingested).toEqual({ tasks: 2, succeeded: 2, failed: 0, rows: 588 });
    expect(worker.calls).toHaveLength(1);
    const rows = await readingsOf(meter.id);
    expect(rows).toHaveLength(588);
    expect(rows[1]).toMatchObject({ eRealKwh: "0.008333333", quality: "actual", revision: 1, carbonTons: null });
    const [first, second] = await Promise.all(batch.tasks.map((task) => taskOf(database.db, task.id)));
    expect(first).toMatchObject({ state: "succeeded", rowsRead: 300, rowsWritten: 300, readingsPresent: 300 });
    expect(second).toMatchObject({ state: "succeeded", rowsRead: 288, rowsWritten: 288, readingsPresent: 288 });
    expect(new Set(rows.map((row) => row.taskId))).toEqual(new Set(batch.tasks.map((task) => task.id)));
    const [stored] = await database.db.select().from(meters).where(eq(meters.id, meter.id));
    expect(stored?.newestReadingAt?.toISOString()).toBe("2026-04-06T13:55:00.000Z");
  });

  it("changes nothing when the same bytes come again", async () => {
    const meter = await anApiMeter(database.db);
    const job = await aJob(database.db, { meterId: meter.id, anchorAt: new Date(days[0]) });
    const batch = await aBatchOf(database.db, job, days);
    const worker = await aWorker(database.db, steady);
    await runStages(worker, batch);
    const before = await snapshot();
    const counts = await runStages(
      worker,
      await again(
        database.db,
        batch.tasks.map(({ id }) => id),
      ),
    );
    expect(counts.ingested).toMatchObject({ succeeded: 2, rows: 588 });
    expect(await snapshot()).toBe(before);
    const objects = await database.db.select().from(archiveObjects).where(eq(archiveObjects.meterId, meter.id));
    expect(objects.map(({ kind }) => kind).sort()).toEqual(["raw", "transformed"]);
    const [task] = batch.tasks;
    expect(await taskOf(database.db, task?.id ?? "")).toMatchObject({
      rowsWritten: 0,
      rowsChanged: 0,
      readingsPresent: 300,
    });
  });

  it("keeps what a restatement replaces, and writes only what differs", async () => {
    const meter = await anApiMeter(database.db);
    const job = await aJob(database.db, { meterId: meter.id, anchorAt: new Date(days[0]) });
    const batch = await aBatchOf(database.db, job, days.slice(0, 2));
    const changedAt = Date.parse("2026-04-05T02:00:00Z") / 1000;
    let correction = 0;
    let now = new Date("2026-06-01T00:00:00Z");
    const worker = await aWorker(
      database.db,
      (_device, start) => 1 + (start === changedAt ? correction : 0),
      () => now,
    );
    await runStages(worker, batch);
    const original = await readingsOf(meter.id);
    correction = 0.5;
    now = new Date("2026-06-02T00:00:00Z");
    await runStages(
      worker,
      await again(
        database.db,
        batch.tasks.map(({ id }) => id),
      ),
    );
    const rows = await readingsOf(meter.id);
    const changed = rows.filter((row) => row.revision > 1);
    expect(changed).toMatchObject([{ eRealKwh: "1.5", revision: 2 }]);
    expect(changed[0]?.timestamp.getTime()).toBe(changedAt * 1000);
    expect(rows.filter((row) => row.revision === 1)).toEqual(
      original.filter((row) => row.timestamp.getTime() !== changedAt * 1000),
    );
    const revisions = await database.db
      .select()
      .from(meterDataRevisions)
      .where(eq(meterDataRevisions.meterId, meter.id));
    expect(revisions).toMatchObject([{ eRealKwh: "1", revision: 1, replacedByTaskId: batch.tasks[0]?.id }]);
    expect(await taskOf(database.db, batch.tasks[0]?.id ?? "")).toMatchObject({ rowsWritten: 0, rowsChanged: 1 });
    const [day] = await database.db.execute(
      sql`select readings, restated, e_real_kwh from meter_data_daily where meter_id = ${meter.id} and day = '2026-04-05'`,
    );
    expect(day).toEqual({ readings: 300, restated: 1, e_real_kwh: "300.5" });
  });

  it("uses the factor that is valid at each reading's time, and keeps its id and value", async () => {
    const factor = async (edition: string, value: string, validFrom: string, validTo: string | null) => {
      const values = {
        publisher: "P",
        edition,
        region: "NSW",
        scope: "2",
        method: "location" as const,
        value,
        source: "test",
      };
      const dates = { validFrom: new Date(validFrom), validTo: validTo === null ? null : new Date(validTo) };
      const unit = "kg CO2-e/kWh" as const;
      const [row] = await database.db
        .insert(emissionFactors)
        .values({ ...values, ...dates, unit })
        .returning();
      return row?.id;
    };
    const old = await factor("old", "0.5", "2026-01-01T00:00:00Z", "2026-04-05T00:00:00Z");
    const current = await factor("current", "0.25", "2026-04-05T00:00:00Z", null);
    const meter = await anApiMeter(database.db, { region: "NSW" });
    const job = await aJob(database.db, { meterId: meter.id, anchorAt: new Date(days[0]) });
    const worker = await aWorker(database.db, (_device, start) =>
      start === Date.parse("2026-04-05T01:00Z") / 1000 ? -2 : 2,
    );
    await runStages(worker, await aBatchOf(database.db, job, days.slice(0, 2)));
    const rows = await readingsOf(meter.id);
    const at = (iso: string) => rows.find((row) => row.timestamp.toISOString() === iso);
    expect(at("2026-04-04T23:55:00.000Z")).toMatchObject({
      carbonTons: "0.001",
      carbonFactorId: old,
      carbonFactorValue: "0.5",
    });
    expect(at("2026-04-05T00:00:00.000Z")).toMatchObject({
      carbonTons: "0.0005",
      carbonFactorId: current,
      carbonFactorValue: "0.25",
    });
    expect(at("2026-04-05T01:00:00.000Z")).toMatchObject({ carbonTons: "-0.0005" });
  });
});
