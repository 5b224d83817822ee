import { eq, sql } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import { enrol } from "../../../e2e/simulators/guardian/testing";
import { auditLog, devices, meterData, meters, meterTasks, mrvRecords } from "../../db/schema";
import { testDatabase } from "../../db/testing";
import { withTx } from "../../db/tx";
import { Conflict, Forbidden, InvalidInput, NotPossibleNow } from "../../errors";
import { newId } from "../../ids";
import { raceBehind } from "../../testing/race";
import type { CheckResult } from "../check-result";
import { approveBySystem } from "./approve-by-system";
import { approveRecord } from "./approve-record";
import { approveRecords } from "./approve-records";
import { previewApproval } from "./plan-approval";
import { rejectRecord } from "./reject-record";
import { aReviewable, as, aUser, recordNow } from "./testing";

const database = testDatabase();
const ada = aUser("Ada", "reviewer");
const grace = aUser("Grace", "reviewer");
const ctx = (actor = ada) => as(database.db, actor);
const aRecord = async (values: Parameters<typeof aReviewable>[1]["values"] = {}, settings = {}) =>
  aReviewable(database.db, { from: await enrol({}, newId()), values, settings });
const taskOf = async ({ taskId }: { taskId: string }) => {
  const [task] = await database.db.select().from(meterTasks).where(eq(meterTasks.id, taskId));
  return task;
};
const logOf = ({ id }: { id: string }) =>
  database.db.select().from(auditLog).where(eq(auditLog.objectId, id)).orderBy(auditLog.seq);

const failed = (
  isBlocking: boolean,
): { checks: CheckResult[]; checksFailed: number; status: "verification_failed" } => ({
  checks: [
    {
      check: "coverage",
      label: "Coverage",
      result: "failed",
      isBlocking,
      figure: "90 %",
      threshold: "at least 100 %",
      sentence: "259 of 288 readings.",
    },
  ],
  checksFailed: 1,
  status: "verification_failed",
});

describe("an approval", () => {
  it("puts a name under the evidence that was seen, tells the log, and hands the record to the outbox", async () => {
    const record = await aRecord();
    const now = new Date("2026-11-25T00:00:00Z");
    let started = 0;
    const by = { ...ctx(), startWork: () => (started += 1) };
    const summary = await approveRecord(by, { recordId: record.id, evidenceHash: record.evidenceHash }, now);
    expect(summary).toMatchObject({ id: record.id, status: "approved", decidedByName: "Ada", isAutoApproved: false });
    const after = await recordNow(database.db, record.id);
    expect(after).toMatchObject({ decidedById: ada.id, decidedAt: now, submitAt: now, credential: null });
    expect(after.payloadHash).toMatch(/^[0-9a-f]{64}$/);
    expect(started).toBe(1);
    const [row] = await logOf(record);
    expect(row).toMatchObject({
      action: "record.approved",
      meterId: record.meterId,
      actorId: ada.id,
      details: { evidenceHash: record.evidenceHash, payloadHash: after.payloadHash },
    });
    expect(await taskOf(record)).toMatchObject({ state: "waiting", waitReason: "review", stage: "submission" });
  });

  it("by the same person once more changes nothing, and by another is told who decided", async () => {
    const record = await aRecord();
    const input = { recordId: record.id, evidenceHash: record.evidenceHash };
    await approveRecord(ctx(), input);
    const before = await recordNow(database.db, record.id);
    expect(await approveRecord(ctx(), input)).toMatchObject({ status: "approved" });
    expect(await recordNow(database.db, record.id)).toEqual(before);
    expect(await logOf(record)).toHaveLength(1);
    await expect(approveRecord(ctx(grace), input)).rejects.toThrow(/^Ada approved this record already, 20/);
    await expect(rejectRecord(ctx(), { recordId: record.id, reason: "No." })).rejects.toThrow(Conflict);
  });

  it("of two at once is one, and the other hears whose", async () => {
    const record = await aRecord();
    const input = { recordId: record.id, evidenceHash: record.evidenceHash };
    const lock = sql`select from mrv_records where id = ${record.id} for update`;
    const ended = await raceBehind(database.db, lock, [
      () => approveRecord(ctx(), input),
      () => rejectRecord(ctx(grace), { ...input, reason: "The meter was off." }),
    ]);
    expect(ended.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    const lost = ended.find((each) => each.status === "rejected");
    expect(lost?.reason).toBeInstanceOf(Conflict);
    const { decidedByName } = await recordNow(database.db, record.id);
    expect(String(lost?.reason)).toContain(`${decidedByName} `);
    expect(await logOf(record)).toHaveLength(1);
  });

  it("is refused for other evidence than was seen, changed evidence, and changed readings", async () => {
    const record = await aRecord();
    const input = { recordId: record.id, evidenceHash: record.evidenceHash };
    await expect(approveRecord(ctx(), { ...input, evidenceHash: "0".repeat(64) })).rejects.toThrow(Conflict);

    const tampered = { ...record.evidence, figures: { ...record.evidence.figures, value: "99" } };
    const set = (evidence: typeof record.evidence) =>
      database.db.update(mrvRecords).set({ evidence }).where(eq(mrvRecords.id, record.id));
    await set(tampered);
    await expect(approveRecord(ctx(), input)).rejects.toThrow("The stored evidence is not what its hash is of");
    await set(record.evidence);

    await database.db
      .update(meterData)
      .set({ eRealPositiveKwh: "12.1" })
      .where(sql`meter_id = ${record.meterId} and e_real_positive_kwh = 12`);
    const changed = approveRecord(ctx(), input);
    await expect(changed).rejects.toThrow("Its readings changed since the record was made");
    await expect(changed).rejects.toThrow(Conflict);
    expect(await recordNow(database.db, record.id)).toMatchObject({ status: "verified", submitAt: null });
  });

  it("needs a reason where a check failed, and none helps where it is blocking", async () => {
    const record = await aRecord(failed(false));
    const input = { recordId: record.id, evidenceHash: record.evidenceHash };
    await expect(approveRecord(ctx(), input)).rejects.toThrow(InvalidInput);
    await approveRecord(ctx(), { ...input, reason: "The plant was off, says the owner." });
    expect((await logOf(record))[0]?.details).toMatchObject({
      reason: "The plant was off, says the owner.",
      failedChecks: ["coverage"],
    });

    const blocked = await aRecord(failed(true));
    const anyway = { recordId: blocked.id, evidenceHash: blocked.evidenceHash, reason: "Please." };
    await expect(approveRecord(ctx(), anyway)).rejects.toThrow(
      new NotPossibleNow("Nobody can approve this record: 259 of 288 readings."),
    );
  });

  it("is refused for what could not be signed: another DID, an archived or detached device, fields that do not fit", async () => {
    const refusal = async (change: (record: Awaited<ReturnType<typeof aRecord>>) => Promise<unknown>) => {
      const record = await aRecord();
      await change(record);
      const input = { recordId: record.id, evidenceHash: record.evidenceHash };
      const error = await approveRecord(ctx(), input).catch((cause) => cause);
      expect(error).toBeInstanceOf(NotPossibleNow);
      return error.message;
    };
    const setDevice = (id: string, values: object) => database.db.update(devices).set(values).where(eq(devices.id, id));
    expect(await refusal(({ deviceId }) => setDevice(deviceId, { archivedAt: new Date() }))).toContain("is archived");
    const other = sql`jsonb_set(config::jsonb, '{did}', '"did:hedera:testnet:other_0.0.1"')::json`;
    expect(await refusal(({ deviceId }) => setDevice(deviceId, { config: other }))).toContain("another DID");
    expect(
      await refusal(({ meterId }) => database.db.update(meters).set({ deviceId: null }).where(eq(meters.id, meterId))),
    ).toContain("no longer attached");
    const unmapped = await aRecord({}, { MRV_FIELD_MAP: { field9: { from: "metric" } } });
    await expect(approveRecord(ctx(), { recordId: unmapped.id, evidenceHash: unmapped.evidenceHash })).rejects.toThrow(
      /^It could not be signed\. field9/,
    );
  });

  it("is for reviewers", async () => {
    const record = await aRecord();
    const input = { recordId: record.id, evidenceHash: record.evidenceHash };
    await expect(approveRecord(ctx(aUser("Otto", "operator")), input)).rejects.toThrow(Forbidden);
    await expect(rejectRecord(ctx(aUser("Vera", "viewer")), { ...input, reason: "No." })).rejects.toThrow(Forbidden);
    const limited = { kind: "token", id: newId(), name: "CI", roles: ["reviewer"], meterIds: [newId()] } as const;
    await expect(approveRecord(as(database.db, limited), input)).rejects.toThrow(Forbidden);
  });
});

describe("a rejection", () => {
  it("needs a reason, ends the task, and gives the period free", async () => {
    const record = await aRecord();
    const input = { recordId: record.id, evidenceHash: record.evidenceHash };
    await expect(rejectRecord(ctx(), { ...input, reason: " " })).rejects.toThrow(InvalidInput);
    const summary = await rejectRecord(ctx(), { ...input, reason: "The meter was replaced that day." });
    expect(summary).toMatchObject({ status: "rejected", decidedByName: "Ada" });
    expect(await taskOf(record)).toMatchObject({ state: "cancelled", waitReason: null });
    expect((await logOf(record))[0]).toMatchObject({ action: "record.rejected", meterId: record.meterId });
    expect(await rejectRecord(ctx(), { ...input, reason: "Again." })).toMatchObject({ status: "rejected" });
    expect(await recordNow(database.db, record.id)).toMatchObject({ reason: "The meter was replaced that day." });
    await expect(approveRecord(ctx(grace), input)).rejects.toThrow("Ada rejected this record already");
  });
});

describe("several at once", () => {
  it("are what the preview showed: only those whose checks all passed, each with its row in the log", async () => {
    const [good, fine, doubtful] = [await aRecord(), await aRecord(), await aRecord(failed(false))];
    const recordIds = [good.id, doubtful.id, fine.id];
    const preview = await previewApproval(ctx(), { recordIds });
    expect(preview.approvable.map(({ recordId }) => recordId).sort()).toEqual([good.id, fine.id].sort());
    expect(preview.refused).toEqual([
      { recordId: doubtful.id, sentence: "A check failed: open it and decide about it by itself." },
    ]);
    await expect(approveRecords(ctx(grace), { recordIds, planToken: preview.planToken })).rejects.toThrow(Conflict);
    expect(await approveRecords(ctx(), { recordIds, planToken: preview.planToken })).toEqual({ approved: 2 });
    expect((await recordNow(database.db, doubtful.id)).status).toBe("verification_failed");
    for (const each of [good, fine]) {
      expect(await recordNow(database.db, each.id)).toMatchObject({ status: "approved", decidedById: ada.id });
      expect((await logOf(each)).map(({ action }) => action)).toEqual(["record.approved"]);
    }
    await expect(approveRecords(ctx(), { recordIds, planToken: preview.planToken })).rejects.toThrow(Conflict);
  });

  it("are refused, all of them, when one of them changed since", async () => {
    const [one, two] = [await aRecord(), await aRecord()];
    const recordIds = [one.id, two.id];
    const { planToken } = await previewApproval(ctx(), { recordIds });
    await database.db.update(meterData).set({ quality: "estimated" }).where(eq(meterData.meterId, two.meterId));
    await expect(approveRecords(ctx(), { recordIds, planToken })).rejects.toThrow("changed since they were shown");
    expect((await recordNow(database.db, one.id)).status).toBe("verified");
  });
});

describe("an automatic approval", () => {
  const auto = (recordId: string) => withTx(database.db, (tx) => approveBySystem(tx, recordId, new Date()));

  it("is for what passed every check and can be signed, and the log says so", async () => {
    const record = await aRecord({}, { MRV_APPROVAL: "auto" });
    await auto(record.id);
    expect(await recordNow(database.db, record.id)).toMatchObject({
      status: "approved",
      isAutoApproved: true,
      decidedByName: "auto-approval",
    });
    expect((await logOf(record))[0]).toMatchObject({
      actorKind: "system",
      details: { because: "MRV_APPROVAL is auto, and every check passed." },
    });
  });

  it("leaves everything else to a person", async () => {
    const settings = { MRV_APPROVAL: "auto" };
    const records = [
      await aRecord({}, {}),
      await aRecord(failed(false), settings),
      await aRecord({ ...failed(false), status: "verified" }, settings),
      await aRecord({}, { ...settings, MRV_FIELD_MAP: { field9: { from: "metric" } } }),
    ];
    for (const record of records) {
      await auto(record.id);
      expect(await recordNow(database.db, record.id)).toEqual(record);
    }
  });
});
