import { describe, expect, it } from "vitest";
import type { Ctx } from "../../ctx";
import { mrvSubmissions } from "../../db/schema";
import { testDatabase } from "../../db/testing";
import { Forbidden, InvalidInput, NotFound } from "../../errors";
import { newId } from "../../ids";
import { aDevice, aJob, aMeter, aRecord } from "../../testing/builders";
import { getRecordEndpoint, listRecordsEndpoint } from "./endpoints";
import { earlierRecords, getRecord } from "./record";
import { countRecords, listRecords } from "./records";

const database = testDatabase();
const DAY_MS = 86_400_000;
const day = (index: number) => new Date(Date.UTC(2026, 0, index, 13));
const decided = { decidedAt: day(40), decidedById: "u", decidedByName: "Ruth" };

const viewer = (): Ctx => ({
  db: database.db,
  actor: { kind: "user", id: "u", name: "Ruth", roles: ["viewer"] },
});
const tokenOf = (meterId: string): Ctx => ({
  db: database.db,
  actor: { kind: "token", id: "t", name: "t", roles: ["viewer"], meterIds: [meterId] },
});

describe("lists of records", () => {
  it("pages newest first without losing records of one moment", async () => {
    const meter = await aMeter(database.db);
    const device = await aDevice(database.db);
    const job = await aJob(database.db, { meterId: meter.id, type: "mrv" });
    const createdAt = new Date("2026-02-01T00:00:00.123Z");
    const ids: string[] = [];
    for (let index = 1; index <= 7; index++) {
      const at = { job: { ...job, anchorAt: day(index) }, periodStart: day(index) };
      ids.push((await aRecord(database.db, { device, meter, ...at, createdAt })).id);
    }
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await listRecords(viewer(), { meterId: meter.id, limit: 3, cursor });
      seen.push(...page.items.map(({ id }) => id));
      cursor = page.nextCursor ?? undefined;
    } while (cursor);
    expect(seen).toEqual(ids.sort().reverse());
    await expect(listRecords(viewer(), { cursor: "bm9uZQ" })).rejects.toThrow(InvalidInput);
  });

  it("filters by status, device, job, period, restatement, replacement and words", async () => {
    const device = await aDevice(database.db, { name: "Jetty inverter 100%" });
    const meter = await aMeter(database.db, { name: "Jetty roof" });
    const job = await aJob(database.db, { meterId: meter.id, type: "mrv" });
    const of = (index: number, values: Parameters<typeof aRecord>[1]) =>
      aRecord(database.db, {
        device,
        meter,
        job: { ...job, anchorAt: day(index) },
        periodStart: day(index),
        ...values,
      });
    const verified = await of(1, {});
    const credential = { credentialId: "urn:uuid:jetty", credential: "{}", payloadHash: "0", issuedAt: day(2) };
    const sent = await of(2, { status: "submitted", restatedAt: day(3), ...decided, ...credential });
    const old = await of(3, { status: "verification_failed", replacedAt: day(4) });
    const found = async (query: Parameters<typeof listRecords>[1]) =>
      (await listRecords(viewer(), { deviceId: device.id, ...query })).items.map(({ id }) => id).sort();

    expect(await found({})).toEqual([verified.id, sent.id, old.id].sort());
    expect(await found({ status: ["verified", "submitted"] })).toEqual([verified.id, sent.id].sort());
    expect(await found({ jobId: newId() })).toEqual([]);
    expect(await found({ from: day(2), to: day(3) })).toEqual([sent.id]);
    expect(await found({ restated: true })).toEqual([sent.id]);
    expect(await found({ replaced: true })).toEqual([old.id]);
    expect(await found({ replaced: false, restated: false })).toEqual([verified.id]);
    expect(await found({ search: "jetty ro" })).toHaveLength(3);
    expect(await found({ search: "100%" })).toHaveLength(3);
    expect(await found({ search: "100_" })).toEqual([]);
    expect(await found({ search: verified.id.toUpperCase() })).toEqual([verified.id]);
    expect(await found({ search: "urn:uuid:jetty" })).toEqual([sent.id]);
    expect(await countRecords(viewer(), { deviceId: device.id, replaced: false })).toEqual({
      verified: 1,
      submitted: 1,
    });
  });

  it("finds by the id of a credential with or without its scheme, by a part of a DID, and by a DID that the device had", async () => {
    const id = newId();
    const had = `did:hedera:testnet:before-${newId()}`;
    const device = await aDevice(database.db);
    const signed = { credentialId: `urn:uuid:${id}`, credential: "{}", payloadHash: "0", issuedAt: day(2) };
    const record = await aRecord(database.db, { device, did: had, status: "submitted", ...decided, ...signed });
    const found = async (search: string) => (await listRecords(viewer(), { search })).items.map((item) => item.id);
    expect(await found(id)).toEqual([record.id]);
    expect(await found(`URN:UUID:${id}`)).toEqual([record.id]);
    expect(await found(device.config.did.slice(20, 50))).toEqual([record.id]);
    expect(await found(had)).toEqual([record.id]);
    expect(await found("nothing is called so")).toEqual([]);
    expect(await found(newId())).toEqual([]);
  });

  it("shows a limited token only records of its meters, in the list and by id", async () => {
    const [mine, other] = [await aRecord(database.db), await aRecord(database.db)];
    const ctx = tokenOf(mine.meterId);
    expect((await listRecords(ctx, {})).items.map(({ id }) => id)).toEqual([mine.id]);
    expect(await countRecords(ctx, {})).toEqual({ verified: 1 });
    expect((await getRecord(ctx, { recordId: mine.id })).meterName).toBe("Roof, north");
    await expect(getRecord(ctx, { recordId: other.id })).rejects.toThrow(Forbidden);
    await expect(getRecord(ctx, { recordId: newId() })).rejects.toThrow(NotFound);
  });
});

describe("one record", () => {
  it("comes with every attempt in order, what replaced it and what corrects it", async () => {
    const device = await aDevice(database.db);
    const meter = await aMeter(database.db);
    const about = { device, meter };
    const failed = await aRecord(database.db, {
      ...about,
      status: "submission_failed",
      replacedAt: day(9),
      ...decided,
    });
    const sent = await aRecord(database.db, { ...about, status: "submitted", replacesId: failed.id, ...decided });
    const correction = await aRecord(database.db, { ...about, correctsId: sent.id, correction: 1 });
    const attempt = {
      recordId: sent.id,
      url: "https://guardian.example/external",
      startedAt: day(10),
      deadlineAt: day(11),
    };
    const request = Buffer.from('{"document":{}}');
    await database.db.insert(mrvSubmissions).values([
      { ...attempt, attempt: 2, state: "accepted", request, requestSha256: "b", answer: Buffer.from("true") },
      { ...attempt, attempt: 1, state: "refused", request, requestSha256: "a", code: "HTTP_503", message: "Busy." },
    ]);
    const record = await getRecord(viewer(), { recordId: sent.id });
    expect(record).toMatchObject({ replacesId: failed.id, replacedById: null, correctedByIds: [correction.id] });
    expect(
      record.submissions.map(({ attempt: n, state, answer, requestBytes }) => [n, state, answer, requestBytes]),
    ).toEqual([
      [1, "refused", null, 15],
      [2, "accepted", "true", 15],
    ]);
    expect(await getRecord(viewer(), { recordId: failed.id })).toMatchObject({
      replacedById: sent.id,
      correctedByIds: [],
    });

    const environment = { db: database.db, actor: viewer().actor };
    const one = await getRecordEndpoint.answer(new Request("http://x/api"), { id: sent.id }, environment);
    expect(await one.json()).toMatchObject({ id: sent.id, evidenceHash: sent.evidenceHash, status: "submitted" });
    const list = await listRecordsEndpoint.answer(
      new Request(`http://x/api?meterId=${meter.id}&status=submitted&status=verified`),
      {},
      environment,
    );
    const { items } = await list.json();
    expect(items.map(({ id }: { id: string }) => id)).toEqual([correction.id, sent.id]);
    expect(items[0]).not.toHaveProperty("evidence");
  });

  it("is compared with the newest earlier records of its meter and metric that count", async () => {
    const device = await aDevice(database.db);
    const meter = await aMeter(database.db);
    const job = await aJob(database.db, { meterId: meter.id, type: "mrv" });
    const of = (index: number, values: Parameters<typeof aRecord>[1] = {}) =>
      aRecord(database.db, {
        device,
        meter,
        job: { ...job, anchorAt: day(index) },
        periodStart: day(index),
        ...values,
      });
    await of(1);
    const counted = [];
    for (let index = 2; index <= 8; index++) counted.push(await of(index, { value: String(index) }));
    const record = await of(9);
    await of(10);
    await of(11, { periodStart: new Date(day(8).getTime() + 1), status: "rejected", ...decided });
    await of(12, { periodStart: day(8), metric: "eRealKwh" });
    const earlier = await earlierRecords(viewer(), record);
    expect(earlier.map(({ value }) => value)).toEqual(["8", "7", "6", "5", "4", "3", "2"]);
    expect(earlier.map(({ id }) => id)).toEqual(counted.map(({ id }) => id).reverse());
    await expect(earlierRecords(tokenOf(newId()), record)).rejects.toThrow(Forbidden);
    expect(record.periodStart.getTime() - (earlier[0]?.periodStart.getTime() ?? 0)).toBe(DAY_MS);
  });
});
