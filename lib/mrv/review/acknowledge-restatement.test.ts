import { eq, sql } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import type { Actor } from "../../auth/actor";
import { auditLog, devices, incidents, meterJobs, meters, meterTasks, mrvRecords } from "../../db/schema";
import type { Restatement } from "../../db/schema/mrv";
import { testDatabase } from "../../db/testing";
import { Conflict, Forbidden, NotFound, NotPossibleNow } from "../../errors";
import { newId } from "../../ids";
import { restated } from "../../notifications/incidents/record-kinds";
import { watchIncidents } from "../../notifications/incidents/watch-incidents";
import { aDevice, aJob, aMeter, aRecord, type RecordRow } from "../../testing/builders";
import { raceBehind } from "../../testing/race";
import { isAcknowledgeable } from "../queries/acknowledgeable";
import { reviewCounts } from "../queries/queue";
import { getRecord } from "../queries/record";
import { listRecords } from "../queries/records";
import { mrvSettings } from "../settings";
import { acknowledgeRestatement } from "./acknowledge-restatement";
import { as, aUser, recordNow } from "./testing";

const database = testDatabase();
const ada = aUser("Ada", "reviewer");
const grace = aUser("Grace", "reviewer");
const ctx = (actor: Actor = ada) => as(database.db, actor);
const DECIDED = { decidedAt: new Date(), decidedById: newId(), decidedByName: "Alan" };
const SEEN = "2026-02-01T00:00:00.000Z";
const restatement: Restatement = {
  readings: 1,
  before: { value: "12.5", carbonTons: "0.01", readings: 288 },
  now: { value: "12.625", carbonTons: "0.0101", readings: 288 },
  seenAt: SEEN,
};

interface Wanted extends Partial<typeof mrvRecords.$inferInsert> {
  allowCorrections?: boolean;
}

/** A record that was submitted, and whose readings are others since. */
async function aRestated({ allowCorrections = false, ...values }: Wanted = {}): Promise<RecordRow> {
  const device = await aDevice(database.db);
  const meter = await aMeter(database.db, { deviceId: device.id });
  const settings = mrvSettings.parse({
    MRV_METRIC: "eRealPositiveKwh",
    ...(allowCorrections && { MRV_ALLOW_CORRECTIONS: true }),
  });
  const job = await aJob(database.db, { meterId: meter.id, type: "mrv", name: "Record every day", settings });
  const flagged = { status: "submitted" as const, ...DECIDED, restatedAt: new Date(SEEN), restatement };
  return aRecord(database.db, { device, meter, job, ...flagged, ...values });
}

/** A record beside it that corrects it. */
async function aCorrectionOf(record: RecordRow, values: Partial<typeof mrvRecords.$inferInsert>): Promise<RecordRow> {
  const [row] = await database.db
    .insert(mrvRecords)
    .values({
      ...record,
      ...{ id: newId(), correctsId: record.id, correction: record.correction + 1, restatedAt: null, restatement: null },
      ...{ createdAt: new Date("2026-02-01T01:00:00Z"), ...values },
    })
    .returning();
  if (!row) throw new Error("The insert returned no row.");
  return row;
}

const acknowledge = ({ id }: RecordRow, values: { actor?: Actor; seenAt?: string; reason?: string } = {}) => {
  const { actor, seenAt = SEEN, reason = "Within the meter's class." } = values;
  return acknowledgeRestatement(ctx(actor), { recordId: id, seenAt, reason });
};
const logOf = ({ id }: RecordRow) => database.db.select().from(auditLog).where(eq(auditLog.objectId, id));
const refusedWith = (record: RecordRow, sentence: string | RegExp) =>
  Promise.all([
    expect(acknowledge(record)).rejects.toThrow(sentence),
    expect(isAcknowledgeable(ctx(), { recordId: record.id })).resolves.toBe(false),
  ]);

describe("acknowledging a restatement", () => {
  it("keeps who, why and both figures with the record, tells the log, and leaves what was submitted alone", async () => {
    const record = await aRestated();
    expect(await isAcknowledgeable(ctx(), { recordId: record.id })).toBe(true);
    const at = new Date("2026-02-02T00:00:00Z");
    const input = { recordId: record.id, seenAt: SEEN, reason: "  Within the meter's class.  " };
    const summary = await acknowledgeRestatement(ctx(), input, at);
    expect(summary).toMatchObject({ id: record.id, status: "submitted", restatementAcknowledgedAt: at });
    const dto = await getRecord(ctx(), { recordId: record.id });
    const { before, now } = restatement;
    expect(dto).toMatchObject({ restatedAt: record.restatedAt, restatement, value: record.value });
    const entry = {
      at: at.toISOString(),
      byId: ada.id,
      byName: "Ada",
      reason: "Within the meter's class.",
      before,
      now,
    };
    expect(dto.acknowledgements).toEqual([entry]);
    expect(await logOf(record)).toMatchObject([
      {
        action: "record.restatement-acknowledged",
        actorId: ada.id,
        meterId: record.meterId,
        details: { reason: "Within the meter's class.", before, now, metric: "eRealPositiveKwh" },
      },
    ]);
    expect(await isAcknowledgeable(ctx(), { recordId: record.id })).toBe(false);
  });

  it("changes nothing when done once more, and tells another who did it", async () => {
    const record = await aRestated();
    await acknowledge(record);
    const before = await recordNow(database.db, record.id);
    expect(await acknowledge(record, { reason: "Again." })).toMatchObject({ id: record.id });
    expect(await recordNow(database.db, record.id)).toEqual(before);
    await expect(acknowledge(record, { actor: grace })).rejects.toThrow("Ada has acknowledged it already.");
    expect(await logOf(record)).toHaveLength(1);
  });

  it("is done by one of two who do it at once", async () => {
    const record = await aRestated();
    const lock = sql`select * from mrv_records where id = ${record.id} for update`;
    const ended = await raceBehind(
      database.db,
      lock,
      [ada, grace].map((actor) => () => acknowledge(record, { actor })),
    );
    expect(ended.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    expect((await recordNow(database.db, record.id)).acknowledgements).toHaveLength(1);
    expect(await logOf(record)).toHaveLength(1);
  });

  it("is for reviewers, of meters they may see, with a reason, and of what was on the screen", async () => {
    const record = await aRestated();
    for (const role of ["viewer", "operator"] as const) {
      await expect(acknowledge(record, { actor: aUser("Olga", role) })).rejects.toThrow(Forbidden);
    }
    const token: Actor = { kind: "token", id: newId(), name: "t", roles: ["reviewer"], meterIds: [newId()] };
    await expect(acknowledge(record, { actor: token })).rejects.toThrow(Forbidden);
    await expect(acknowledge(record, { reason: "  " })).rejects.toMatchObject({ fields: { reason: "Say why." } });
    await expect(acknowledge(record, { seenAt: "yesterday" })).rejects.toMatchObject({
      fields: { seenAt: "This is the seenAt of the record's restatement." },
    });
    await expect(acknowledge(record, { seenAt: "2026-01-31T00:00:00.000Z" })).rejects.toThrow(Conflict);
    await expect(acknowledge({ ...record, id: newId() })).rejects.toThrow(NotFound);
    expect(await recordNow(database.db, record.id)).toEqual(record);
    expect(await logOf(record)).toEqual([]);
  });

  it("is of nothing where the readings say what the record says", async () => {
    const record = await aRestated({ restatedAt: null, restatement: null });
    await expect(acknowledge(record)).rejects.toThrow(NotPossibleNow);
    await refusedWith(record, "there is nothing to acknowledge");
  });

  it.each([
    ["approved", "see first what becomes of it"],
    ["submitting", "see first what becomes of it"],
    ["submission_unknown", "see first what becomes of it"],
    ["submission_failed", "extract it again"],
  ] as const)("is refused of a record that is %s", async (status, sentence) => {
    await refusedWith(await aRestated({ status }), sentence);
  });

  it("is refused while a correction can be made, is made, or stands", async () => {
    const record = await aRestated({ allowCorrections: true });
    await refusedWith(
      record,
      "Its policy takes corrections, as Record every day says: make a correcting record of it.",
    );
    await database.db.update(mrvRecords).set({ correctionOrderedAt: new Date() }).where(eq(mrvRecords.id, record.id));
    await database.db
      .update(meterTasks)
      .set({ state: "pending", waitReason: null })
      .where(eq(meterTasks.id, record.taskId));
    await refusedWith(record, "A correcting record is being made");
    await database.db.update(mrvRecords).set({ correctionOrderedAt: null }).where(eq(mrvRecords.id, record.id));
    const correction = await aCorrectionOf(record, { status: "verified" });
    await refusedWith(record, `The record ${correction.id} corrects this one`);
  });

  it("is possible where a correction of it was turned down, until readings change once more", async () => {
    const record = await aRestated({ allowCorrections: true });
    await aCorrectionOf(record, { status: "rejected" });
    const later = { ...restatement, seenAt: "2026-02-01T02:00:00.000Z" };
    await database.db.update(mrvRecords).set({ restatement: later }).where(eq(mrvRecords.id, record.id));
    await expect(acknowledge(record, { seenAt: later.seenAt })).rejects.toThrow("make a correcting record");
    await database.db.update(mrvRecords).set({ restatement }).where(eq(mrvRecords.id, record.id));
    expect(await acknowledge(record)).toMatchObject({ restatementAcknowledgedAt: expect.any(Date) });
  });

  it.each(["failed", "cancelled"] as const)("is possible where the correction that was ordered %s", async (state) => {
    const record = await aRestated({ correctionOrderedAt: new Date() });
    await database.db.update(meterTasks).set({ state, waitReason: null }).where(eq(meterTasks.id, record.taskId));
    expect(await acknowledge(record)).toMatchObject({ id: record.id });
  });

  it.each(["meter", "device", "attachment"] as const)(
    "is possible where no correction can be made: its %s is not in use",
    async (which) => {
      const record = await aRestated({ allowCorrections: true });
      const archivedAt = new Date();
      if (which === "device") {
        await database.db.update(devices).set({ archivedAt }).where(eq(devices.id, record.deviceId));
      } else {
        const values = which === "meter" ? { archivedAt } : { deviceId: null };
        await database.db.update(meters).set(values).where(eq(meters.id, record.meterId));
      }
      expect(await acknowledge(record)).toMatchObject({ id: record.id });
    },
  );

  it("takes the record off what needs a person, and closes its incident without a message", async () => {
    await database.db.execute(sql`truncate incidents, mrv_records cascade`);
    const record = await aRestated();
    const watch = () => watchIncidents(database.db, new Date(), [restated]);
    const open = async () => (await reviewCounts(ctx())).restated;
    const listed = async (acknowledged: boolean) =>
      (await listRecords(ctx(), { restated: true, acknowledged })).items.map(({ id }) => id);
    expect(await watch()).toEqual({ opened: 1, closed: 0 });
    expect([await open(), await listed(false), await listed(true)]).toEqual([1, [record.id], []]);
    await acknowledge(record);
    expect(await watch()).toEqual({ opened: 0, closed: 1 });
    expect(await database.db.select({ outcome: incidents.outcome }).from(incidents)).toEqual([{ outcome: "ended" }]);
    expect([await open(), await listed(false), await listed(true)]).toEqual([0, [], [record.id]]);
    expect(await watch()).toEqual({ opened: 0, closed: 0 });
  });
});

it("names the job that a correction is made by", async () => {
  const record = await aRestated({ allowCorrections: true });
  await database.db.update(meterJobs).set({ name: "Monthly" }).where(eq(meterJobs.id, record.jobId));
  await refusedWith(record, "as Monthly says");
});
