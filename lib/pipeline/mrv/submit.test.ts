import { eq, sql } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Arrival } from "../../../e2e/simulators/guardian/arrivals";
import { type GuardianSimulator, startGuardianSimulator } from "../../../e2e/simulators/guardian/simulator";
import { type Enrolled, type EnrolledStyle, enrol, styles } from "../../../e2e/simulators/guardian/testing";
import { auditLog, devices, mrvRecords, mrvSigningConfigs } from "../../db/schema";
import { testDatabase } from "../../db/testing";
import { archiveDevice } from "../../devices/archive-device";
import { keyTexts } from "../../devices/testing";
import { newId } from "../../ids";
import type { RecordRow } from "../../mrv/review/internal";
import { as, aUser, recordNow } from "../../mrv/review/testing";
import { decideUnknown } from "../../mrv/submission/decide-unknown";
import { prepareSubmission } from "../../mrv/submission/prepare-submission";
import { recordResult } from "../../mrv/submission/record-result";
import { resubmitRecord } from "../../mrv/submission/resubmit-record";
import { dueRecords, sweepSubmissions } from "../../mrv/submission/sweep-submissions";
import { allRows, anApproved, anOutboxWorker, submissionsOf, taskOf } from "../../mrv/submission/testing";
import { createSecretBox, sha256Hex } from "../../secrets";
import { raceBehind } from "../../testing/race";
import { submitRecord } from "./submit";
import { submitDue } from "./submit-due";

const database = testDatabase();
const grace = aUser("Grace", "reviewer");
const ctx = () => as(database.db, grace);
const DAY = 86_400_000;
const SHORT = { external: 1_000, "sync-events": 1_000 };
/** Past any deadline of an attempt. */
const PAST_MS = 300_000;

let guardian: GuardianSimulator;
beforeAll(async () => {
  guardian = await startGuardianSimulator({ port: 0 });
});
afterAll(() => guardian.close());
beforeEach(async () => {
  await fetch(`${guardian.origin}/__sim/reset`, { method: "POST" });
});

const setFaults = (rules: unknown) =>
  fetch(`${guardian.origin}/__sim/faults`, { method: "POST", body: JSON.stringify(rules) });
async function arrivals(): Promise<Arrival[]> {
  return ((await (await fetch(`${guardian.origin}/__sim/documents`)).json()) as { documents: Arrival[] }).documents;
}

/** A device of its own whose policy the simulator knows. */
async function enrolled(style: Partial<EnrolledStyle> = {}): Promise<Enrolled> {
  const from = await enrol(style, newId());
  guardian.register(from.policy, [from.device.didDocument]);
  return from;
}

type Options = Omit<Parameters<typeof anApproved>[1], "from"> & { from?: Enrolled };
const approved = async ({ from, ...wanted }: Options = {}) =>
  anApproved(database.db, { from: from ?? (await enrolled()), guardianUrl: guardian.baseUrl, ...wanted });
const now = ({ id }: RecordRow) => recordNow(database.db, id);
const attempts = ({ id }: RecordRow) => submissionsOf(database.db, id);
const task = (record: RecordRow) => taskOf(database.db, record);
const actions = async ({ id }: RecordRow) =>
  (await database.db.select().from(auditLog).where(eq(auditLog.objectId, id)).orderBy(auditLog.seq)).map(
    ({ action }) => action,
  );

describe("an approved record", () => {
  it.each(styles)("arrives once and VERIFIED: $fields fields, $context context, $did DID", async (style) => {
    const from = await enrolled(style);
    const fields = style.fields === "typed" && {
      settings: { MRV_FIELD_MAP: TYPED_FIELDS },
      subjectSchema: from.policy.schema,
    };
    const record = await approved({ from, ...fields });
    const worker = anOutboxWorker(database.db);
    expect(await submitRecord(worker, record.id)).toEqual({ outcome: "submitted" });
    expect(await submitRecord(worker, record.id)).toEqual({ outcome: "none" });
    const [arrival, ...more] = await arrivals();
    expect(more).toEqual([]);
    expect(arrival).toMatchObject({ verdict: "VERIFIED", reason: null });
    const after = await now(record);
    const [attempt] = await attempts(record);
    expect(arrival).toMatchObject({ credentialId: after.credentialId, sha256: attempt?.requestSha256 });
  });

  it("is stored with all that left and came back, on the record, its task and in the log", async () => {
    const from = await enrolled();
    const record = await approved({ from });
    await submitRecord(anOutboxWorker(database.db), record.id);
    const after = await now(record);
    expect(after).toMatchObject({ status: "submitted", submitAt: null, payloadHash: record.payloadHash });
    expect(after.submittedAt).not.toBeNull();
    const [attempt, ...others] = await attempts(record);
    expect(others).toEqual([]);
    expect(attempt).toMatchObject({
      attempt: 1,
      state: "accepted",
      url: `${guardian.baseUrl}/external`,
      answerStatus: 200,
    });
    expect(Buffer.from(attempt?.answer ?? "").toString()).toBe("true");
    expect(attempt).toMatchObject({ answerSha256: sha256Hex("true"), isAnswerWhole: true, code: null });
    expect(attempt?.durationMs).toBeGreaterThanOrEqual(0);
    const body = Buffer.from(attempt?.request ?? "").toString();
    expect(attempt?.requestSha256).toBe(sha256Hex(body));
    expect(body.startsWith(`{"document":${after.credential},`)).toBe(true);
    expect(JSON.parse(body)).toMatchObject({
      ref: from.config.did,
      owner: from.config.installerDid,
      policyTag: from.config.policyTag,
    });
    const { issuanceDate } = JSON.parse(after.credential ?? "");
    expect(new Date(issuanceDate)).toEqual(after.issuedAt);
    const [kept] = await database.db
      .select()
      .from(mrvSigningConfigs)
      .where(eq(mrvSigningConfigs.sha256, after.signedWith ?? ""));
    expect(kept?.config.did).toBe(from.config.did);
    const done = await task(record);
    expect(done).toMatchObject({ state: "succeeded", stage: "submission", waitReason: null, executionErrs: [] });
    expect(done.timings.at(-1)).toMatchObject({ stage: "submission", outcome: "succeeded" });
    expect(await actions(record)).toEqual(["record.approved", "record.signed", "record.submitted"]);
  });

  it("goes by the job's route, block, policy tag and reference", async () => {
    const from = await enrolled();
    const settings = {
      MRV_ROUTE: "sync-events",
      MRV_BLOCK_TAG: from.policy.blockTag,
      MRV_POLICY_TAG: "Tag_other",
      MRV_REF: "did:hedera:testnet:site_0.0.1",
    };
    const record = await approved({ from, settings });
    await submitRecord(anOutboxWorker(database.db), record.id);
    const [arrival] = await arrivals();
    expect(arrival).toMatchObject({
      path: `/api/v1/external/${from.policy.policyId}/${from.policy.blockTag}/sync-events?history=true`,
      policyTag: "Tag_other",
      ref: "did:hedera:testnet:site_0.0.1",
    });
    expect((await now(record)).status).toBe("submitted");
  });

  it("is left alone before it is due, and when it is not approved", async () => {
    const record = await approved();
    const worker = anOutboxWorker(database.db);
    worker.aheadMs = -60_000;
    expect(await submitRecord(worker, record.id)).toEqual({ outcome: "none" });
    worker.aheadMs = 0;
    const decided = { status: "rejected" as const };
    await database.db.update(mrvRecords).set(decided).where(eq(mrvRecords.id, record.id));
    expect(await submitRecord(worker, record.id)).toEqual({ outcome: "none" });
    expect(await arrivals()).toEqual([]);
  });

  it("is sent once by two processes at once", async () => {
    const record = await approved();
    const lock = sql`select from mrv_records where id = ${record.id} for update`;
    const ended = await raceBehind(database.db, lock, [
      () => submitRecord(anOutboxWorker(database.db), record.id),
      () => submitRecord(anOutboxWorker(database.db), record.id),
    ]);
    const outcomes = ended.map((each) => (each.status === "fulfilled" ? each.value.outcome : String(each.reason)));
    expect(outcomes.sort()).toEqual(["none", "submitted"]);
    expect(await arrivals()).toHaveLength(1);
  });
});

describe("an outcome that nobody knows", () => {
  it.each([
    ["the connection is cut after the request", { cutAfter: 1 }, 1],
    ["the connection is cut before it is read", { cutBefore: 1 }, 0],
    ["no answer comes in time", { timeOut: 1 }, 1],
    ["Guardian fails", { 500: 1 }, 1],
    ["the answer is cut", { cutBody: { rate: 1, abort: true } }, 1],
    ["a proxy answers", { htmlPage: 1 }, 0],
  ])("waits for a person and is never sent again: %s", async (_what, rules, arrived) => {
    const record = await approved();
    const worker = anOutboxWorker(database.db);
    await setFaults(rules);
    expect(await submitRecord(worker, record.id, SHORT)).toEqual({ outcome: "submission_unknown" });
    await setFaults({});
    worker.aheadMs = 10 * DAY;
    expect(await dueRecords(database.db, guardian.origin, 1_000, worker.now())).not.toContain(record.id);
    expect(await submitRecord(worker, record.id)).toEqual({ outcome: "none" });
    expect(await arrivals()).toHaveLength(arrived);
    expect(await now(record)).toMatchObject({ status: "submission_unknown", submitAt: null });
    const waiting = await task(record);
    expect(waiting).toMatchObject({ state: "waiting", waitReason: "review", waitUntil: null });
    expect(waiting.executionErrs.at(-1)).toMatchObject({ code: "SUBMISSION_UNKNOWN", isRetryable: false });
    await expect(resubmitRecord(ctx(), { recordId: record.id, reason: "Once more." })).rejects.toThrow(
      "may have arrived",
    );
  });

  it("is decided by a person: it has arrived", async () => {
    const record = await approved();
    await setFaults({ cutAfter: 1 });
    await submitRecord(anOutboxWorker(database.db), record.id);
    const decided = { recordId: record.id, hasArrived: true, reason: "The policy shows it." };
    expect(await decideUnknown(ctx(), decided)).toMatchObject({ status: "submitted" });
    const [attempt] = await attempts(record);
    expect(await now(record)).toMatchObject({ submittedAt: attempt?.startedAt });
    expect(attempt?.state).toBe("unknown");
    expect((await task(record)).state).toBe("succeeded");
    await expect(decideUnknown(ctx(), decided)).rejects.toThrow("is known by now");
    expect((await actions(record)).slice(-2)).toEqual(["record.submission-unknown", "record.found-arrived"]);
  });

  it("is decided by a person: it has not, and goes again, the same bytes", async () => {
    const record = await approved();
    const worker = anOutboxWorker(database.db);
    await setFaults({ cutBefore: 1 });
    await submitRecord(worker, record.id);
    await setFaults({});
    await decideUnknown(ctx(), { recordId: record.id, hasArrived: false, reason: "The policy does not have it." });
    expect(await now(record)).toMatchObject({ status: "submission_failed", submitAt: null });
    expect((await task(record)).state).toBe("failed");
    expect(await submitRecord(worker, record.id)).toEqual({ outcome: "none" });
    await resubmitRecord(ctx(), { recordId: record.id, reason: "It did not arrive." });
    await expect(resubmitRecord(ctx(), { recordId: record.id, reason: "Now." })).rejects.toThrow("on its way already");
    expect(await submitRecord(worker, record.id)).toEqual({ outcome: "submitted" });
    const [first, second] = await attempts(record);
    expect(Buffer.from(second?.request ?? "")).toEqual(Buffer.from(first?.request ?? "1"));
    expect(await arrivals()).toMatchObject([{ sha256: first?.requestSha256, verdict: "VERIFIED" }]);
    expect((await task(record)).state).toBe("succeeded");
  });
});

describe("a process that dies", () => {
  /** Nobody has an end to write: the row stays `sending`. */
  async function expectUnknown(record: RecordRow, arrived: number) {
    const worker = anOutboxWorker(database.db);
    expect(await submitRecord(worker, record.id)).toEqual({ outcome: "none" });
    expect(await sweepSubmissions(worker)).toMatchObject({ lost: 0 });
    expect((await now(record)).status).toBe("submitting");
    worker.aheadMs = PAST_MS;
    expect((await sweepSubmissions(worker)).lost).toBe(1);
    expect(await now(record)).toMatchObject({ status: "submission_unknown", submitAt: null });
    expect(await attempts(record)).toMatchObject([{ state: "unknown", code: "PROCESS_LOST" }]);
    expect(await submitRecord(worker, record.id)).toEqual({ outcome: "none" });
    expect(await arrivals()).toHaveLength(arrived);
  }

  it("before the first commit has sent nothing: the record is sent as if nothing had happened", async () => {
    const record = await approved();
    const dying = anOutboxWorker(database.db, {
      now: () => {
        throw new RangeError("killed");
      },
    });
    await expect(submitRecord(dying, record.id)).rejects.toThrow("killed");
    expect(await now(record)).toEqual(record);
    expect(await submitRecord(anOutboxWorker(database.db), record.id)).toEqual({ outcome: "submitted" });
    expect(await arrivals()).toHaveLength(1);
  });

  it("between commit and send leaves an unknown record", async () => {
    const record = await approved();
    expect(await prepareSubmission(anOutboxWorker(database.db), record.id)).toMatchObject({ kind: "ready" });
    await expectUnknown(record, 0);
  });

  it("during the request leaves an unknown record", async () => {
    const record = await approved();
    const { fetch: send, ...rest } = anOutboxWorker(database.db);
    let arrived: () => void = () => undefined;
    const isThere = new Promise<void>((resolve) => {
      arrived = resolve;
    });
    const fetchAndHang: typeof fetch = async (...args) => {
      await send(...args);
      arrived();
      return new Promise(() => undefined);
    };
    void submitRecord({ ...rest, fetch: fetchAndHang }, record.id);
    await isThere;
    await expectUnknown(record, 1);
  });

  it("after the answer, before it is written, leaves an unknown record", async () => {
    const record = await approved();
    const worker = anOutboxWorker(database.db);
    const prepared = await prepareSubmission(worker, record.id);
    if (prepared.kind !== "ready") throw new Error("It is not ready.");
    const { body } = prepared.attempt;
    await fetch(`${guardian.baseUrl}/external`, { method: "POST", body: Buffer.from(body) });
    await expectUnknown(record, 1);
  });

  it("and was not dead at all tells what became of it, unless somebody decided meanwhile", async () => {
    const answer = {
      kind: "accepted",
      code: "ANSWERED",
      message: "Taken.",
      isRetryable: false,
      durationMs: 5,
    } as const;
    for (const isDecided of [false, true]) {
      const record = await approved();
      const worker = anOutboxWorker(database.db);
      const prepared = await prepareSubmission(worker, record.id);
      if (prepared.kind !== "ready") throw new Error("It is not ready.");
      worker.aheadMs = PAST_MS;
      await sweepSubmissions(worker);
      if (isDecided) await decideUnknown(ctx(), { recordId: record.id, hasArrived: false, reason: "Not there." });
      const settled = await recordResult(worker, prepared.attempt, answer);
      expect(settled).toEqual(isDecided ? null : { status: "submitted" });
      expect((await now(record)).status).toBe(isDecided ? "submission_failed" : "submitted");
      expect(await attempts(record)).toMatchObject([{ state: isDecided ? "unknown" : "accepted" }]);
    }
  });

  it("and one that was held up does not begin to send what is soon taken for lost", async () => {
    const record = await approved();
    const worker = anOutboxWorker(database.db);
    let asked = 0;
    const slow = { ...worker, now: () => new Date(Date.now() + (asked++ === 0 ? 0 : 20_000)) };
    expect(await submitRecord(slow, record.id)).toMatchObject({ outcome: "retry" });
    expect(await attempts(record)).toMatchObject([{ state: "refused", code: "NOT_BEGUN" }]);
    expect(await arrivals()).toEqual([]);
  });
});

describe("a clear refusal", () => {
  it("is followed by another attempt with the same bytes, no earlier than Guardian asks", async () => {
    const record = await approved();
    const worker = anOutboxWorker(database.db);
    await setFaults({ 503: { rate: 1, count: 1 } });
    const first = await submitRecord(worker, record.id);
    expect(first.outcome).toBe("retry");
    const waiting = await now(record);
    expect(waiting).toMatchObject({ status: "submitting", submitAt: new Date(first.retryAt ?? 0) });
    expect(await task(record)).toMatchObject({ state: "waiting", waitReason: "retry", retryCount: 1 });
    expect(await submitRecord(worker, record.id)).toEqual({ outcome: "none" });
    worker.aheadMs = 60_000;
    expect((await sweepSubmissions(worker)).guardians).toEqual([guardian.origin]);
    expect(await dueRecords(database.db, guardian.origin, 1_000, worker.now())).toContain(record.id);
    expect(await submitRecord(worker, record.id)).toEqual({ outcome: "submitted" });
    const [refused, accepted] = await attempts(record);
    expect([refused?.state, accepted?.state]).toEqual(["refused", "accepted"]);
    expect(accepted?.requestSha256).toBe(refused?.requestSha256);
    expect(await arrivals()).toMatchObject([{ sha256: refused?.requestSha256, verdict: "VERIFIED" }]);
    expect((await task(record)).executionErrs).toMatchObject([{ code: "UNAVAILABLE", waitReason: "retry" }]);
  });

  const setConfig = (record: RecordRow, member: string, value: string) =>
    database.db
      .update(devices)
      .set({ config: sql`jsonb_set(config::jsonb, array[${member}::text], to_jsonb(${value}::text))::json` })
      .where(eq(devices.id, record.deviceId));

  it("is followed by the request as it was, whatever the device's config says by then", async () => {
    const record = await approved();
    const worker = anOutboxWorker(database.db);
    await setFaults({ 503: { rate: 1, count: 1 } });
    await submitRecord(worker, record.id);
    await setConfig(record, "installerDid", "did:hedera:testnet:another_0.0.1");
    worker.aheadMs = 60_000;
    expect(await submitRecord(worker, record.id)).toEqual({ outcome: "submitted" });
    const [refused, accepted] = await attempts(record);
    expect(accepted?.requestSha256).toBe(refused?.requestSha256);
  });

  it("is never signed anew: where the device's key has another name since, it fails", async () => {
    const record = await approved();
    const worker = anOutboxWorker(database.db);
    await setFaults({ 503: { rate: 1, count: 1 } });
    await submitRecord(worker, record.id);
    const { credential } = await now(record);
    await setConfig(record, "verificationMethod", `${record.did}#another-key`);
    worker.aheadMs = 60_000;
    expect(await submitRecord(worker, record.id)).toEqual({ outcome: "submission_failed" });
    expect((await now(record)).credential).toBe(credential);
    expect((await task(record)).executionErrs.at(-1)?.message).toContain("The proof names another key.");
    expect(await arrivals()).toEqual([]);
  });

  it("honours Retry-After", async () => {
    const record = await approved();
    const { fetch: _none, ...rest } = anOutboxWorker(database.db);
    const busy = async () => new Response("", { status: 429, headers: { "retry-after": "3600" } });
    const { retryAt } = await submitRecord({ ...rest, fetch: busy }, record.id);
    expect(new Date(retryAt ?? 0).getTime() - Date.now()).toBeGreaterThan(3_590_000);
  });

  it("fails in the end, after the job's retries or a day, and can be sent again by a person", async () => {
    const record = await approved({ maxRetries: 1 });
    const worker = anOutboxWorker(database.db);
    await setFaults({ 503: 1 });
    expect((await submitRecord(worker, record.id)).outcome).toBe("retry");
    worker.aheadMs = 120_000;
    expect(await submitRecord(worker, record.id)).toEqual({ outcome: "submission_failed" });
    expect(await task(record)).toMatchObject({ state: "failed", waitReason: null });
    await setFaults({});
    await resubmitRecord(ctx(), { recordId: record.id, reason: "Guardian is back." });
    expect(await task(record)).toMatchObject({ state: "waiting", retryCount: 0 });
    expect(await submitRecord(worker, record.id)).toEqual({ outcome: "submitted" });

    const patient = await approved({ maxRetries: 100 });
    worker.aheadMs = 0;
    await setFaults({ 503: 1 });
    expect((await submitRecord(worker, patient.id)).outcome).toBe("retry");
    worker.aheadMs = DAY + 60_000;
    expect(await submitRecord(worker, patient.id)).toEqual({ outcome: "submission_failed" });
  });

  it("that cannot heal fails at once; with the address put right the same credential goes", async () => {
    const record = await approved({ guardianUrl: `${guardian.origin}/nowhere` });
    const worker = anOutboxWorker(database.db);
    expect(await submitRecord(worker, record.id)).toEqual({ outcome: "submission_failed" });
    const failed = await now(record);
    expect((await task(record)).executionErrs).toMatchObject([{ code: "NOT_FOUND", isRetryable: false }]);
    expect((await actions(record)).at(-1)).toBe("record.submission-failed");
    await database.db
      .update(devices)
      .set({ config: sql`jsonb_set(config::jsonb, '{guardianUrl}', to_jsonb(${guardian.baseUrl}::text))::json` })
      .where(eq(devices.id, record.deviceId));
    await resubmitRecord(ctx(), { recordId: record.id, reason: "The address is right now." });
    expect(await submitRecord(worker, record.id)).toEqual({ outcome: "submitted" });
    expect((await now(record)).credential).toBe(failed.credential);
    expect(await arrivals()).toMatchObject([{ verdict: "VERIFIED" }]);
  });
});

describe("what cannot be signed", () => {
  async function expectFailed(record: RecordRow, sentence: string, worker = anOutboxWorker(database.db)) {
    expect(await submitRecord(worker, record.id)).toEqual({ outcome: "submission_failed" });
    const failed = await now(record);
    expect(failed).toMatchObject({ status: "submission_failed", credential: null, submitAt: null });
    const [error] = (await task(record)).executionErrs;
    expect(error).toMatchObject({ code: "NOT_SIGNED", stage: "submission" });
    expect(error?.message).toContain(sentence);
    expect(error?.message).toContain("Nothing was sent.");
    expect(await attempts(record)).toEqual([]);
    expect(await arrivals()).toEqual([]);
  }

  it("is not sent: the device was archived since the approval", async () => {
    const record = await approved();
    await archiveDevice(as(database.db, { kind: "system", name: "test" }), { deviceId: record.deviceId });
    await expectFailed(record, "is archived");
  });

  it("is not sent: the key cannot be read", async () => {
    const record = await approved();
    const secrets = createSecretBox([{ id: "other", key: Buffer.alloc(32, 5) }], Buffer.alloc(32, 6));
    await expectFailed(record, "cannot be read", anOutboxWorker(database.db, { secrets }));
  });

  it("is not sent: other values would be signed than were approved", async () => {
    const record = await approved();
    await database.db
      .update(devices)
      .set({ config: sql`jsonb_set(config::jsonb, '{hederaAccountId}', '"0.0.9"')::json` })
      .where(eq(devices.id, record.deviceId));
    await expectFailed(record, "would sign other values than were approved");
  });

  it("is not sent: something that nobody foresaw, which the log tells", async () => {
    const record = await approved();
    await database.db.execute(
      sql`update mrv_records set settings = settings - 'MRV_FIELD_MAP' where id = ${record.id}`,
    );
    const worker = anOutboxWorker(database.db);
    await expectFailed(record, "for a reason that nobody foresaw", worker);
    expect(worker.logged.join()).toContain("A record could not be signed.");
  });

  it("is not sent: the key is not the one of the config", async () => {
    const record = await approved();
    const other = await enrol({}, newId());
    await database.db
      .update(devices)
      .set({
        config: sql`jsonb_set(config::jsonb, '{publicKeyBase58}', to_jsonb(${other.config.publicKeyBase58}::text))::json`,
      })
      .where(eq(devices.id, record.deviceId));
    await expectFailed(record, "does not verify");
  });
});

describe("what is due at a Guardian", () => {
  it("goes a few at a time, and one that fails unforeseen stands in nobody's way", async () => {
    await database.db.update(mrvRecords).set({ submitAt: null });
    const records = [];
    for (let index = 0; index < 6; index++) records.push(await approved());
    const [first] = records;
    await database.db.execute(sql`update mrv_records set settings = settings - 'MRV_ROUTE' where id = ${first?.id}`);
    const worker = anOutboxWorker(database.db);
    expect(await submitDue(worker, guardian.origin)).toEqual({ tried: 4, retryAt: null });
    expect(await submitDue(worker, guardian.origin)).toEqual({ tried: 2, retryAt: null });
    expect(await submitDue(worker, guardian.origin)).toEqual({ tried: 0, retryAt: null });
    expect(await arrivals()).toHaveLength(5);
    expect(first && (await now(first)).status).toBe("approved");
    expect(worker.logged.join()).toContain("It is tried again in a minute.");

    await setFaults({ 503: 1 });
    const refused = await approved();
    const { retryAt } = await submitDue(worker, guardian.origin);
    expect(new Date(retryAt ?? 0)).toEqual((await now(refused)).submitAt);
  });
});

it("leaves no trace of a private key in rows or logs", async () => {
  const from = await enrolled();
  const [good, lost, bad] = [await approved({ from }), await approved(), await approved()];
  const worker = anOutboxWorker(database.db);
  await submitRecord(worker, good.id);
  await prepareSubmission(worker, lost.id);
  await database.db.execute(sql`update devices set device_key = 'v1.none' where id = ${bad.deviceId}`);
  await submitRecord(worker, bad.id).catch((error) => worker.log.error({ err: error }, "failed"));
  const everything = (await allRows(database.db)) + worker.logged.join("\n");
  expect(everything).toContain(good.id);
  for (const text of keyTexts(from)) expect(everything).not.toContain(text);
});

const TYPED_FIELDS = {
  readingId: { from: "recordId" },
  readingDate: { from: "periodStart", as: "date" },
  startedAt: { from: "periodStart" },
  endedAt: { from: "periodEnd" },
  durationSeconds: { from: "periodSeconds" },
  energy: { from: "metric" },
  unit: { from: "metricUnit" },
  isMetered: { from: "constant", value: true },
  factorLink: { from: "constant", value: "https://example.com/factors" },
  "site.name": { from: "constant", value: "Roof, north" },
  "site.latitude": { from: "constant", value: -33.86 },
  "site.longitude": { from: "constant", value: 151.21 },
};
