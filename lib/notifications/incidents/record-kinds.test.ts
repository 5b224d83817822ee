import { eq, sql } from "drizzle-orm";
import { beforeEach, describe, expect, it } from "vitest";
import { incidents, mrvRecords } from "../../db/schema";
import { testDatabase } from "../../db/testing";
import { newId } from "../../ids";
import { aDevice, aJob, aMeter, aRecord } from "../../testing/builders";
import { restated, submissionFailed, submissionUnknown, waitingForReview } from "./record-kinds";
import { watchIncidents } from "./watch-incidents";

const database = testDatabase();
const kinds = [waitingForReview, restated, submissionFailed, submissionUnknown];
const watch = () => watchIncidents(database.db, new Date(), kinds);
const open = () =>
  database.db
    .select({ kind: incidents.kind, subjectName: incidents.subjectName, weight: incidents.weight })
    .from(incidents)
    .where(sql`closed_at is null`)
    .orderBy(incidents.kind, incidents.subjectName);
const outcomes = async () =>
  (await database.db.select().from(incidents).where(sql`closed_at is not null`)).map(({ outcome }) => outcome);
const set = (id: string, values: Partial<typeof mrvRecords.$inferInsert>) =>
  database.db.update(mrvRecords).set(values).where(eq(mrvRecords.id, id));
const DECIDED = { decidedAt: new Date(), decidedById: newId(), decidedByName: "Ada" };
const at = (text: string) => new Date(text);

beforeEach(async () => {
  await database.db.execute(sql`truncate incidents, mrv_records, meter_tasks, meter_jobs, meters, devices cascade`);
});

describe("records that wait for review", () => {
  it("are one incident a day of their periods, in their own zone, and end without a message", async () => {
    const [first, second] = [
      await aRecord(database.db, { periodStart: at("2026-11-22T13:00:00Z") }),
      await aRecord(database.db, { periodStart: at("2026-11-22T13:00:00Z"), status: "verification_failed" }),
    ];
    const third = await aRecord(database.db, { periodStart: at("2026-11-23T13:00:00Z") });
    await aRecord(database.db, { periodStart: at("2026-11-25T13:00:00Z"), status: "extracted", verifiedAt: null });
    expect(await watch()).toEqual({ opened: 2, closed: 0 });
    expect(await open()).toEqual([
      { kind: "review", subjectName: "1 record of 2026-11-24", weight: 1 },
      { kind: "review", subjectName: "2 records of 2026-11-23", weight: 2 },
    ]);
    await set(third.id, { status: "approved", ...DECIDED });
    await set(first.id, { status: "rejected", ...DECIDED });
    expect(await watch()).toEqual({ opened: 0, closed: 1 });
    expect(await open()).toEqual([{ kind: "review", subjectName: "1 record of 2026-11-23", weight: 1 }]);
    expect(await outcomes()).toEqual(["ended"]);
    await set(second.id, { replacedAt: new Date() });
    expect(await watch()).toEqual({ opened: 0, closed: 1 });
  });
});

describe("a record that needs a person", () => {
  it("is told of when nobody knows whether it arrived, and ends with the decision", async () => {
    const meter = await aMeter(database.db, { name: "Dock" });
    const record = await aRecord(database.db, { meter, status: "submission_unknown", ...DECIDED });
    await watch();
    expect(await open()).toEqual([{ kind: "submission_unknown", subjectName: "Dock, 2026-01-01", weight: 1 }]);
    await set(record.id, { status: "submission_failed" });
    await watch();
    expect(await open()).toEqual([{ kind: "submission_failed", subjectName: "Dock, 2026-01-01", weight: 1 }]);
    expect(await outcomes()).toEqual(["ended"]);
    await set(record.id, { status: "submitting" });
    expect(await watch()).toEqual({ opened: 0, closed: 0 });
    await set(record.id, { status: "submitted" });
    await watch();
    expect(await open()).toEqual([]);
    expect(await outcomes()).toEqual(["ended", "healed"]);
  });

  it("is told of when its submission failed, until another takes its place", async () => {
    const record = await aRecord(database.db, { status: "submission_failed", ...DECIDED });
    await watch();
    expect(await open()).toMatchObject([{ kind: "submission_failed" }]);
    await set(record.id, { replacedAt: new Date() });
    await watch();
    expect(await open()).toEqual([]);
    expect(await outcomes()).toEqual(["ended"]);
  });

  it("is told of when it is restated, until a correction stands beside it", async () => {
    const device = await aDevice(database.db);
    const meter = await aMeter(database.db, { deviceId: device.id });
    const job = await aJob(database.db, { meterId: meter.id, type: "mrv" });
    const values = { device, meter, job, status: "submitted", ...DECIDED } as const;
    const record = await aRecord(database.db, { ...values, restatedAt: new Date() });
    await watch();
    expect(await open()).toMatchObject([{ kind: "restated" }]);
    const { taskId } = record;
    const correction = { ...values, taskId, correctsId: record.id, correction: 1, periodStart: record.periodStart };
    const corrected = await aRecord(database.db, { ...correction, status: "rejected" });
    await watch();
    expect(await open()).toMatchObject([{ kind: "restated" }]);
    await set(corrected.id, { status: "submitted" });
    await watch();
    expect(await open()).toEqual([]);
    expect(await outcomes()).toEqual(["healed"]);
  });
});
