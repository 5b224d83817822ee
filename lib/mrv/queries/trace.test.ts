import { eq } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import type { Ctx } from "../../ctx";
import { archiveObjects, meterData, mrvRecords } from "../../db/schema";
import { testDatabase } from "../../db/testing";
import { Forbidden } from "../../errors";
import { newId } from "../../ids";
import { getJobAndMeter } from "../../jobs/internal";
import { ensurePartitions } from "../../pipeline/etl/partitions";
import { aDevice, aJob, aMeter, aRecord, type MeterRow } from "../../testing/builders";
import type { EvidenceManifest } from "../evidence/manifest";
import { mrvSettings } from "../settings";
import { recordChart } from "./record-chart";
import { objectsOfRecord, readingsOfRecord, recordsOfObjects, recordsOfRange } from "./trace";

const database = testDatabase();
const START = new Date("2026-03-01T13:00:00Z");
const hour = (index: number) => new Date(START.getTime() + index * 3_600_000);

const viewer = (): Ctx => ({
  db: database.db,
  actor: { kind: "user", id: "u", name: "Ruth", roles: ["viewer"] },
});
const tokenOf = (meterId: string): Ctx => ({
  db: database.db,
  actor: { kind: "token", id: "t", name: "t", roles: ["viewer"], meterIds: [meterId] },
});

async function anObject(meter: MeterRow, values: Partial<typeof archiveObjects.$inferInsert>) {
  const [row] = await database.db
    .insert(archiveObjects)
    .values({
      meterId: meter.id,
      kind: "raw",
      key: newId(),
      coversFrom: hour(0),
      coversTo: hour(24),
      sha256: "ab".repeat(32),
      sizeBytes: 12,
      contentType: "application/json",
      origin: { kind: "api", url: "https://vendor.example/D1" },
      fetchedAt: hour(25),
      confirmedAt: hour(25),
      ...values,
    })
    .returning();
  if (!row) throw new Error("The insert returned no row.");
  return row;
}

/** A day of hourly readings without the third, and a record whose evidence names the objects behind them. */
async function aTracedRecord() {
  const device = await aDevice(database.db);
  const meter = await aMeter(database.db, { deviceId: device.id });
  const job = await aJob(database.db, { meterId: meter.id, type: "mrv" });
  const raw = await anObject(meter, {});
  const transformed = await anObject(meter, { kind: "transformed", inputIds: [raw.id] });
  await ensurePartitions(database.db, [{ from: START.getTime(), to: hour(24).getTime() }]);
  const taskId = newId();
  const hours = Array.from({ length: 24 }, (_, index) => index).filter((index) => index !== 2);
  await database.db.insert(meterData).values(
    hours.map((index) => ({
      meterId: meter.id,
      timestamp: hour(index),
      durationSeconds: 3600,
      eRealPositiveKwh: `${index}.250`,
      quality: index === 5 ? ("estimated" as const) : ("actual" as const),
      taskId,
      objectId: transformed.id,
      revision: index === 7 ? 2 : 1,
      ingestedAt: index === 7 ? hour(99) : hour(26),
    })),
  );
  const about = { device, meter, job: { ...job, anchorAt: START }, periodStart: START, createdAt: hour(30) };
  const plain = await aRecord(database.db, { ...about, status: "verification_failed", replacedAt: hour(31) });
  const named = (object: typeof raw) => ({
    id: object.id,
    kind: object.kind,
    key: object.key,
    sha256: object.sha256,
    sizeBytes: object.sizeBytes,
    contentType: object.contentType,
    origin: object.origin,
    coversFrom: hour(0).toISOString(),
    coversTo: hour(24).toISOString(),
    inputIds: object.inputIds ?? [],
  });
  const gap = { from: hour(2).toISOString(), to: hour(3).toISOString() };
  const evidence: EvidenceManifest = {
    ...plain.evidence,
    coverage: { ...plain.evidence.coverage, missing: [gap] },
    objects: [named(raw), named(transformed)],
  };
  const other = await aMeter(database.db, { name: "Inverter" });
  const settings = mrvSettings.parse({ MRV_METRIC: "eRealPositiveKwh", MRV_CROSS_CHECK_METER: other.id });
  const record = await aRecord(database.db, {
    ...about,
    taskId: plain.taskId,
    replacesId: plain.id,
    evidence,
    settings,
  });
  return { meter, raw, transformed, record, plain, other, gap };
}

describe("trace", () => {
  it("goes from a record to its readings in pages, and says which were written after it", async () => {
    const { record, transformed } = await aTracedRecord();
    const first = await readingsOfRecord(viewer(), { recordId: record.id, limit: 20 });
    expect(first.items).toHaveLength(20);
    expect(first.items[0]).toMatchObject({
      timestamp: START,
      value: "0.250",
      objectId: transformed.id,
      isNewer: false,
    });
    expect(first.items.filter(({ isNewer }) => isNewer)).toMatchObject([{ timestamp: hour(7), revision: 2 }]);
    const cursor = first.nextCursor ?? undefined;
    const rest = await readingsOfRecord(viewer(), { recordId: record.id, limit: 20, cursor });
    expect(rest.items.map(({ timestamp }) => timestamp)).toEqual([hour(21), hour(22), hour(23)]);
    expect(rest.nextCursor).toBeNull();
    await expect(readingsOfRecord(tokenOf(newId()), { recordId: record.id })).rejects.toThrow(Forbidden);
  });

  it("goes from a record to the objects of its evidence, and from each of them back", async () => {
    const { record, plain, meter, raw, transformed } = await aTracedRecord();
    expect(await objectsOfRecord(viewer(), { recordId: record.id })).toMatchObject({
      transformed: [{ id: transformed.id, inputIds: [raw.id], fetchedAt: hour(25) }],
      raw: [{ id: raw.id, sha256: raw.sha256 }],
    });
    const unused = await anObject(meter, { coversFrom: null, coversTo: null });
    const used = await recordsOfObjects(viewer(), { objectIds: [raw.id, transformed.id, unused.id] });
    expect([...used.keys()].sort()).toEqual([raw.id, transformed.id].sort());
    expect(used.get(raw.id)?.map(({ id }) => id)).toEqual([record.id]);
    // It names no object, whatever its period.
    expect(used.get(raw.id)?.map(({ id }) => id)).not.toContain(plain.id);
    expect(await recordsOfObjects(tokenOf(newId()), { objectIds: [raw.id] })).toEqual(new Map());
    expect((await recordsOfObjects(tokenOf(meter.id), { objectIds: [raw.id] })).size).toBe(1);
  });

  it("finds the one old record that names an object among sixty newer ones that do not", async () => {
    const { meter, raw, record } = await aTracedRecord();
    const { job } = await getJobAndMeter(database.db, record.jobId);
    const about = {
      meter,
      job,
      taskId: record.taskId,
      status: "rejected" as const,
      decidedAt: hour(50),
      decidedById: "a",
    };
    for (let at = 0; at < 60; at++) {
      await aRecord(database.db, {
        ...about,
        periodStart: START,
        createdAt: hour(100 + at),
        evidence: { ...record.evidence, objects: [] },
      });
    }
    const used = await recordsOfObjects(viewer(), { objectIds: [raw.id] });
    expect(used.get(raw.id)?.map(({ id }) => id)).toEqual([record.id]);
  });

  it("looks at every record of the meter for an object of which nobody knows what it covers", async () => {
    const { meter, record } = await aTracedRecord();
    const file = await anObject(meter, { coversFrom: null, coversTo: null });
    const [named] = record.evidence.objects;
    if (!named) throw new Error("It names objects.");
    const evidence = { ...record.evidence, objects: [...record.evidence.objects, { ...named, id: file.id }] };
    await database.db.update(mrvRecords).set({ evidence }).where(eq(mrvRecords.id, record.id));
    const used = await recordsOfObjects(viewer(), { objectIds: [file.id] });
    expect(used.get(file.id)?.map(({ id }) => id)).toEqual([record.id]);
  });

  it("goes from a reading to every record whose period it is in", async () => {
    const { record, plain, meter } = await aTracedRecord();
    const of = async (from: Date, to: Date) =>
      (await recordsOfRange(viewer(), { meterId: meter.id, from, to })).map(({ id }) => id).sort();
    const both = [record.id, plain.id].sort();
    expect(await of(hour(0), hour(1))).toEqual(both);
    expect(await of(hour(23), hour(24))).toEqual(both);
    expect(await of(hour(24), hour(25))).toEqual([]);
    expect(await of(hour(-1), hour(0))).toEqual([]);
    const asked = { meterId: meter.id, from: hour(0), to: hour(1) };
    await expect(recordsOfRange(tokenOf(newId()), asked)).rejects.toThrow(Forbidden);
  });

  it("draws the period with its gaps and estimates, beside the meter it is checked against", async () => {
    const { record, gap, other, meter } = await aTracedRecord();
    // Of a few hours, so that it is drawn from the readings and not from rollups, which only ingestion writes.
    const chart = await recordChart(viewer(), { ...record, periodEnd: hour(6) }, "Roof, north");
    expect(chart).toMatchObject({ granularity: "raw", gaps: [gap], crossCheck: { meter: { id: other.id } } });
    const { buckets } = chart.measured;
    expect(buckets.map(({ values }) => values.eRealPositiveKwh)).toEqual([0.25, 1.25, 3.25, 4.25, 5.25]);
    expect(buckets.map(({ estimated }) => estimated)).toEqual([0, 0, 0, 0, 1]);
    expect((await recordChart(viewer(), record, "Roof, north")).granularity).toBe("PT1H");
    expect((await recordChart(tokenOf(meter.id), record, "Roof, north")).crossCheck).toBeNull();
  });
});
