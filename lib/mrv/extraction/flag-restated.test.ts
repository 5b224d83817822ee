import { eq, sql } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import { auditLog, meters, meterTasks, mrvReadingChanges, mrvRecords } from "../../db/schema";
import { testDatabase } from "../../db/testing";
import { again, runStages, taskOf, type Vendor } from "../../pipeline/etl/testing";
import { aSite, batchOf, makeRecords, recordOf, recordsOf, recordTasks, sunny } from "../../pipeline/mrv/testing";
import { acknowledgeRestatement } from "../review/acknowledge-restatement";
import type { RecordStatus } from "../statuses";
import { flagRestated } from "./flag-restated";
import { readingsNow } from "./readings-now";

const database = testDatabase();

/** A site with a verified record, whose vendor can be told to say something else. */
async function aRecordedSite(status: RecordStatus = "verified") {
  let vendor: Vendor = sunny;
  const site = await aSite(database.db, { vendor: (device, at) => vendor(device, at) });
  const batch = await recordTasks(database.db, site);
  await makeRecords(site.worker, batch);
  const taskId = batch.tasks[0]?.id ?? "";
  if (status !== "verified") {
    const decided = { status, decidedAt: new Date(), decidedById: "a" };
    await database.db.update(mrvRecords).set(decided).where(eq(mrvRecords.taskId, taskId));
  }
  const [collected] = await database.db.select().from(meterTasks).where(eq(meterTasks.jobId, site.etl.id));
  const collect = async (next: Vendor) => {
    vendor = next;
    await runStages(site.worker, await again(database.db, [collected?.id ?? ""], { isForced: true }));
  };
  return { site, taskId, collect, flag: () => flagRestated(site.worker), record: () => recordOf(database.db, taskId) };
}

const noon = Date.parse("2026-01-01T01:00:00Z") / 1000;
const raised: Vendor = (device, at) => (sunny(device, at) ?? 0) + (at === noon ? 0.125 : 0);

describe("restatement", () => {
  it.each(["approved", "submitting", "submitted", "submission_failed", "submission_unknown"] as const)(
    "flags a record that is %s with the figures of then and now, and clears it when the readings heal",
    async (status) => {
      const { collect, flag, record } = await aRecordedSite(status);
      const before = await record();
      expect(await flag()).toBe(0);
      await collect(raised);
      expect(await flag()).toBe(1);
      const flagged = await record();
      expect(flagged).toMatchObject({ status, value: before.value, restatedAt: expect.any(Date) });
      expect(flagged.restatement).toMatchObject({
        readings: 1,
        before: { value: before.value, readings: 288 },
        now: { value: (Number(before.value) + 0.125).toFixed(3), readings: 288 },
      });
      const log = await database.db.select().from(auditLog).where(eq(auditLog.objectId, before.id));
      expect(log.map(({ action, meterId }) => [action, meterId])).toEqual([["record.restated", before.meterId]]);
      expect(await flag()).toBe(0);
      await collect(sunny);
      expect(await flag()).toBe(1);
      expect(await record()).toMatchObject({ restatedAt: null, restatement: null, status });
    },
  );

  it("keeps the first time it was seen while figures go on changing", async () => {
    const { collect, flag, record } = await aRecordedSite("submitted");
    await collect(raised);
    await flag();
    const first = await record();
    await collect((device, at) => (raised(device, at) ?? 0) + (at === noon ? 1 : 0));
    expect(await flag()).toBe(1);
    const second = await record();
    expect(second.restatedAt).toEqual(first.restatedAt);
    expect(Number(second.restatement?.now.value)).toBeCloseTo(Number(first.restatement?.now.value) + 1);
  });

  it("flags a record again whose restatement was acknowledged, and forgets that when readings heal, but never who looked", async () => {
    const { collect, flag, record } = await aRecordedSite("submitted");
    const acknowledge = async () => {
      const { id, restatement } = await record();
      const input = { recordId: id, seenAt: restatement?.seenAt ?? "", reason: "Small." };
      await acknowledgeRestatement({ db: database.db, actor: { kind: "system", name: "test" } }, input);
    };
    await collect(raised);
    await flag();
    await acknowledge();
    // The same figures once more are what was acknowledged.
    await collect(raised);
    await flag();
    expect((await record()).restatementAcknowledgedAt).not.toBeNull();
    await collect((device, at) => (raised(device, at) ?? 0) + (at === noon ? 1 : 0));
    expect(await flag()).toBe(1);
    const again = await record();
    expect(again).toMatchObject({ restatedAt: expect.any(Date), restatementAcknowledgedAt: null });
    expect(again.acknowledgements).toHaveLength(1);
    await acknowledge();
    await collect(sunny);
    expect(await flag()).toBe(1);
    const healed = await record();
    expect(healed).toMatchObject({ restatedAt: null, restatement: null, restatementAcknowledgedAt: null });
    expect(healed.acknowledgements.map(({ now }) => now)).toHaveLength(2);
  });

  it("notices readings that came later into a gap, and changed carbon", async () => {
    const { site, flag, record } = await aRecordedSite("submitted");
    await database.db.execute(sql`
      update meter_data set carbon_tons = 1 where meter_id = ${site.meter.id} and timestamp = '2026-01-01T01:00:00Z'`);
    // Nothing is noted of what nobody ingested.
    expect(await flag()).toBe(0);
    await database.db.insert(mrvReadingChanges).values({
      meterId: site.meter.id,
      fromAt: new Date("2026-01-01T00:00:00Z"),
      toAt: new Date("2026-01-01T02:00:00Z"),
    });
    expect(await flag()).toBe(1);
    expect(await readingsNow(database.db, await record())).toMatchObject({
      value: (await record()).value,
      readings: 288,
    });
  });

  it("makes a record again that waits for a reviewer, so that nobody looks at what holds no more", async () => {
    const { site, taskId, collect, flag } = await aRecordedSite();
    const before = await recordOf(database.db, taskId);
    await collect(raised);
    expect(await flag()).toBe(1);
    expect(await taskOf(database.db, taskId)).toMatchObject({ state: "pending", stage: "extraction" });
    expect(await recordOf(database.db, taskId)).toMatchObject({ id: before.id, restatedAt: null });
    await makeRecords(site.worker, await batchOf(database.db, taskId));
    const [old, made] = await recordsOf(database.db, taskId);
    expect(old?.replacedAt).not.toBeNull();
    expect(made).toMatchObject({ replacesId: before.id, status: "verified" });
    expect(Number(made?.value)).toBeCloseTo(Number(before.value) + 0.125);
    expect(await flag()).toBe(0);
  });

  it("leaves a record alone whose task a person stopped or set going", async () => {
    const { taskId, collect, flag } = await aRecordedSite();
    await database.db.update(meterTasks).set({ state: "running", waitReason: null }).where(eq(meterTasks.id, taskId));
    await collect(raised);
    expect(await flag()).toBe(0);
    expect(await taskOf(database.db, taskId)).toMatchObject({ state: "running" });
  });

  it("leaves a waiting record of an archived meter where it can be rejected: nobody would make it again", async () => {
    const { site, taskId, collect, flag } = await aRecordedSite();
    await collect(raised);
    await database.db.update(meters).set({ archivedAt: new Date() }).where(eq(meters.id, site.meter.id));
    expect(await flag()).toBe(0);
    expect(await taskOf(database.db, taskId)).toMatchObject({ state: "waiting", waitReason: "review" });
  });

  it("notes nothing where no record is, and looks only at records of the stretch", async () => {
    const { site, collect } = await aRecordedSite("rejected");
    await collect(raised);
    const noted = await database.db
      .select()
      .from(mrvReadingChanges)
      .where(eq(mrvReadingChanges.meterId, site.meter.id));
    expect(noted).toEqual([]);
  });

  it("writes a row of the log for each meter, not for each of its records", async () => {
    const days = Array.from({ length: 4 }, (_, day) =>
      new Date(Date.parse("2025-12-31T13:00:00Z") + day * 86_400_000).toISOString(),
    );
    const site = await aSite(database.db, { bounds: days });
    await makeRecords(site.worker, await recordTasks(database.db, site));
    const decided = { status: "submitted" as const, decidedAt: new Date(), decidedById: "a" };
    await database.db.update(mrvRecords).set(decided).where(eq(mrvRecords.meterId, site.meter.id));
    await database.db.execute(
      sql`update meter_data set e_real_positive_kwh = e_real_positive_kwh + 1 where meter_id = ${site.meter.id}`,
    );
    await database.db
      .insert(mrvReadingChanges)
      .values({ meterId: site.meter.id, fromAt: new Date(days[0] ?? ""), toAt: new Date(days[3] ?? "") });
    expect(await flagRestated(site.worker)).toBe(3);
    const log = await database.db.select().from(auditLog).where(eq(auditLog.objectId, site.meter.id));
    expect(log).toMatchObject([{ action: "record.restated", objectType: "meter", details: { records: 3 } }]);
  });
});
