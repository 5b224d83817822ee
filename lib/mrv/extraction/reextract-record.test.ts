import { eq, sql } from "drizzle-orm";
import { describe, expect, it, vi } from "vitest";
import type { Actor } from "../../auth/actor";
import { auditLog, meterJobs, meters, meterTasks, mrvRecords } from "../../db/schema";
import { testDatabase } from "../../db/testing";
import { taskOf } from "../../pipeline/etl/testing";
import { aDay, aSite, batchOf, makeRecords, recordOf, recordsOf, recordTasks } from "../../pipeline/mrv/testing";
import type { RecordStatus } from "../statuses";
import { correctRecord } from "./correct-record";
import { flagRestated } from "./flag-restated";
import { reextractRecord } from "./reextract-record";

const database = testDatabase();
const reviewer: Actor = { kind: "user", id: "01900000-0000-7000-8000-000000000001", name: "Ruth", roles: ["reviewer"] };
const ctxOf = (actor: Actor = reviewer) => ({ db: database.db, actor });

async function aRecorded(status: RecordStatus, settings: Record<string, unknown> = {}) {
  const site = await aSite(database.db, { settings });
  const batch = await recordTasks(database.db, site);
  await makeRecords(site.worker, batch);
  const taskId = batch.tasks[0]?.id ?? "";
  const isOpen = ["extracted", "verified", "verification_failed"].includes(status);
  const decided = isOpen ? {} : { decidedAt: new Date(), decidedById: "a" };
  await database.db
    .update(mrvRecords)
    .set({ status, ...decided })
    .where(eq(mrvRecords.taskId, taskId));
  if (status === "rejected") await set(taskId, { state: "cancelled", waitReason: null });
  if (status === "submitted") await set(taskId, { state: "succeeded", waitReason: null });
  const make = async () => makeRecords(site.worker, await batchOf(database.db, taskId));
  return { site, taskId, make, record: await recordOf(database.db, taskId) };
}

const set = (taskId: string, values: Partial<typeof meterTasks.$inferInsert>) =>
  database.db.update(meterTasks).set(values).where(eq(meterTasks.id, taskId));
const changeReadings = (meterId: string) =>
  database.db.execute(sql`
    update meter_data set e_real_positive_kwh = 0.01, e_real_kwh = 0.01 where meter_id = ${meterId} and timestamp = ${aDay[0]}`);
const order = (recordId: string, actor?: Actor) =>
  reextractRecord(ctxOf(actor), { recordId, reason: "The channel was inverted." });
const correct = (recordId: string, actor?: Actor) =>
  correctRecord(ctxOf(actor), { recordId, reason: "Twelve late readings." });

describe("re-extraction", () => {
  it.each(["rejected", "verification_failed", "submission_failed"] as const)(
    "makes a record that is %s again; the new one names the old",
    async (status) => {
      const { taskId, make, record } = await aRecorded(status);
      const startWork = vi.fn();
      expect(await reextractRecord({ ...ctxOf(), startWork }, { recordId: record.id, reason: "Again" })).toEqual({
        taskId,
      });
      expect(startWork).toHaveBeenCalledOnce();
      expect(await taskOf(database.db, taskId)).toMatchObject({
        state: "pending",
        stage: "extraction",
        batchId: null,
        finishedAt: null,
      });
      const [logged] = await database.db.select().from(auditLog).where(eq(auditLog.objectId, record.id));
      expect(logged).toMatchObject({
        ...{ action: "record.reextraction-ordered", meterId: record.meterId, actorName: "Ruth" },
        details: { reason: "Again", from: record.periodStart.toISOString(), to: record.periodEnd.toISOString() },
      });
      await make();
      const [old, made] = await recordsOf(database.db, taskId);
      expect(old).toMatchObject({ id: record.id, status, replacedAt: expect.any(Date) });
      expect(made).toMatchObject({ status: "verified", replacesId: record.id, correction: 0 });
    },
  );

  it("refuses where a record is what its readings say, and makes it where they, its settings or its device are others", async () => {
    const { site, taskId, make, record } = await aRecorded("verified");
    await expect(order(record.id)).rejects.toThrow("there is nothing to make anew");
    await changeReadings(site.meter.id);
    await order(record.id);
    await make();
    const second = await recordOf(database.db, taskId);
    const settings = { ...site.mrv.settings, MRV_MAX_KWH: 1 };
    await database.db.update(meterJobs).set({ settings }).where(eq(meterJobs.id, site.mrv.id));
    await order(second.id);
    await make();
    expect(await recordOf(database.db, taskId)).toMatchObject({
      status: "verification_failed",
      settings: { MRV_MAX_KWH: 1 },
    });
  });

  it.each([
    ["approved", "on its way"],
    ["submitting", "on its way"],
    ["submission_unknown", "on its way"],
    ["submitted", "A correction can be made of it"],
  ] as const)("refuses a record that is %s", async (status, sentence) => {
    const { record } = await aRecorded(status);
    await expect(order(record.id)).rejects.toThrow(sentence);
  });

  it("refuses what was replaced, is under way, belongs to an archived meter, or needs another role", async () => {
    const { site, taskId, make, record } = await aRecorded("rejected");
    await expect(order(record.id, { ...reviewer, roles: ["viewer"] })).rejects.toThrow("Your role does not allow this");
    const limited: Actor = { ...reviewer, kind: "token", meterIds: [] };
    await expect(order(record.id, limited)).rejects.toThrow("limited to other meters");
    await order(record.id, { ...reviewer, roles: ["operator"] });
    await expect(order(record.id)).rejects.toThrow("being made again already");
    await make();
    await expect(order(record.id)).rejects.toThrow("took the place");
    const made = await recordOf(database.db, taskId);
    await changeReadings(site.meter.id);
    await database.db.update(meters).set({ archivedAt: new Date() }).where(eq(meters.id, site.meter.id));
    await expect(order(made.id)).rejects.toThrow("is archived");
    expect(await taskOf(database.db, taskId)).toMatchObject({ state: "waiting", waitReason: "review" });
  });

  it("leaves a record that was approved before its new one came", async () => {
    const { site, taskId, make, record } = await aRecorded("verified");
    await changeReadings(site.meter.id);
    await order(record.id);
    const decided = { status: "approved" as const, decidedAt: new Date(), decidedById: "a" };
    await database.db.update(mrvRecords).set(decided).where(eq(mrvRecords.id, record.id));
    await make();
    expect(await recordsOf(database.db, taskId)).toMatchObject([
      { id: record.id, status: "approved", replacedAt: null },
    ]);
    expect(await taskOf(database.db, taskId)).toMatchObject({
      state: "waiting",
      waitReason: "review",
      stage: "submission",
    });
  });
});

describe("correction", () => {
  const allowed = { MRV_ALLOW_CORRECTIONS: true };
  const restate = (recordId: string) =>
    database.db.update(mrvRecords).set({ restatedAt: new Date() }).where(eq(mrvRecords.id, recordId));

  it("makes a second record of a period, numbered, beside the submitted one", async () => {
    const { site, taskId, make, record } = await aRecorded("submitted", allowed);
    await changeReadings(site.meter.id);
    await restate(record.id);
    expect(await correct(record.id)).toEqual({ taskId });
    await make();
    const [first, second] = await recordsOf(database.db, taskId);
    expect(first).toMatchObject({ id: record.id, status: "submitted", replacedAt: null, correctionOrderedAt: null });
    expect(second).toMatchObject({ status: "verified", correctsId: record.id, correction: 1, replacesId: null });
    expect(second?.evidence.record).toMatchObject({ correctsId: record.id, correction: 1 });
    expect(second?.checks.find(({ check }) => check === "overlap")).toMatchObject({ result: "passed" });
    const log = await database.db.select().from(auditLog).where(eq(auditLog.objectId, record.id));
    expect(log).toMatchObject([{ action: "record.correction-ordered", meterId: site.meter.id }]);
    await expect(correct(record.id)).rejects.toThrow(`The record ${second?.id} corrects this one already.`);
  });

  it("makes a correction again that was rejected, and none by itself", async () => {
    const { site, taskId, make, record } = await aRecorded("submitted", allowed);
    await changeReadings(site.meter.id);
    await restate(record.id);
    await correct(record.id);
    await make();
    const second = (await recordsOf(database.db, taskId)).at(-1);
    const decided = { status: "rejected" as const, decidedAt: new Date(), decidedById: "a" };
    await database.db
      .update(mrvRecords)
      .set(decided)
      .where(eq(mrvRecords.id, second?.id ?? ""));
    // Somebody runs the task again: the submitted record is what it has.
    await set(taskId, { state: "pending", stage: "extraction", waitReason: null });
    await make();
    expect(await recordsOf(database.db, taskId)).toHaveLength(2);
    expect(await taskOf(database.db, taskId)).toMatchObject({ state: "succeeded" });
    await order(second?.id ?? "");
    await make();
    const all = await recordsOf(database.db, taskId);
    expect(all).toHaveLength(3);
    expect(all.at(-1)).toMatchObject({
      replacesId: second?.id,
      correctsId: record.id,
      correction: 1,
      status: "verified",
    });
  });

  it("corrects a correction with the next number", async () => {
    const { site, taskId, make, record } = await aRecorded("submitted", allowed);
    await changeReadings(site.meter.id);
    await restate(record.id);
    await correct(record.id);
    await make();
    const second = (await recordsOf(database.db, taskId)).at(-1);
    const sent = { status: "submitted" as const, decidedAt: new Date(), decidedById: "a", restatedAt: new Date() };
    await database.db
      .update(mrvRecords)
      .set(sent)
      .where(eq(mrvRecords.id, second?.id ?? ""));
    await set(taskId, { state: "succeeded", waitReason: null });
    await expect(correct(record.id)).rejects.toThrow("corrects this one already");
    await correct(second?.id ?? "");
    await make();
    expect((await recordsOf(database.db, taskId)).at(-1)).toMatchObject({ correctsId: second?.id, correction: 2 });
  });

  it("is refused where the policy takes none, where nothing changed, and where nothing left", async () => {
    const { record } = await aRecorded("submitted");
    await expect(correct(record.id)).rejects.toThrow("there is nothing to correct");
    await restate(record.id);
    await expect(correct(record.id)).rejects.toThrow("MRV_ALLOW_CORRECTIONS");
    await expect(correct(record.id, { ...reviewer, roles: ["operator"] })).rejects.toThrow(
      "Your role does not allow this",
    );
    const open = await aRecorded("verified", allowed);
    await expect(correct(open.record.id)).rejects.toThrow("Only a submitted record is corrected");
  });

  it("flags the submitted record and leaves its correction to be made again", async () => {
    const { site, taskId, make, record } = await aRecorded("submitted", allowed);
    await changeReadings(site.meter.id);
    await restate(record.id);
    await correct(record.id);
    await make();
    await database.db.execute(sql`
      update meter_data set e_real_positive_kwh = 0.02, e_real_kwh = 0.02 where meter_id = ${site.meter.id} and timestamp = ${aDay[0]}`);
    await database.db.execute(sql`
      insert into mrv_reading_changes (meter_id, from_at, to_at) values (${site.meter.id}, ${aDay[0]}, ${aDay[1]})`);
    expect(await flagRestated(site.worker)).toBe(2);
    await make();
    const all = await recordsOf(database.db, taskId);
    expect(
      all.map(({ correction, replacedAt, restatedAt }) => [correction, replacedAt !== null, restatedAt !== null]),
    ).toEqual([
      [0, false, true],
      [1, true, false],
      [1, false, false],
    ]);
    expect(all.at(-1)).toMatchObject({ replacesId: all[1]?.id, correctsId: record.id });
  });
});
