import { expect, it } from "vitest";
import { enrol } from "../../../e2e/simulators/guardian/testing";
import type { Actor } from "../../auth/actor";
import { testDatabase } from "../../db/testing";
import { Forbidden, NotFound } from "../../errors";
import { newId } from "../../ids";
import { aDevice, aRecord } from "../../testing/builders";
import { type FieldRule, mrvSettings } from "../settings";
import { credentialPreview, fieldsOf } from "./credential-preview";

const database = testDatabase();
const reviewer: Actor = { kind: "user", id: newId(), name: "Rita", roles: ["reviewer"] };
const ctx = () => ({ db: database.db, actor: reviewer });
const map: Record<string, FieldRule> = {
  field0: { from: "periodStart", as: "date" },
  field1: { from: "metric", decimals: 1 },
  field2: { from: "periodSeconds" },
};

async function aMappedRecord(values: Parameters<typeof aRecord>[1] = {}, more: Record<string, FieldRule> = {}) {
  const { config, policy } = await enrol({ fields: "text" }, `device ${newId()}`);
  const device = await aDevice(database.db, { config, subjectSchema: policy.schema });
  const settings = mrvSettings.parse({ MRV_METRIC: "eRealPositiveKwh", MRV_FIELD_MAP: { ...map, ...more } });
  return { config, record: await aRecord(database.db, { device, settings, ...values }) };
}

it("shows what will be signed, each value with where it comes from", async () => {
  const { record, config } = await aMappedRecord({ value: "12.345" });
  const preview = await credentialPreview(ctx(), { recordId: record.id });
  expect(preview.fault).toBeNull();
  expect(preview.fields).toEqual([
    { path: "field0", value: "2026-01-01", from: "Start of the period, as a day" },
    { path: "field1", value: "12.3", from: "The metric's figure, at most 1 decimal" },
    { path: "field2", value: "86400", from: "Length of the period in seconds" },
    { path: "policyId", value: config.policyId, from: "the MRV config" },
    { path: "accountId", value: "0.0.1001", from: "the MRV config" },
  ]);
  expect(preview.document).toMatchObject({
    id: preview.credentialId,
    issuer: config.did,
    credentialSubject: [{ type: config.type, field1: "12.3" }],
  });
  expect(preview.document).not.toHaveProperty("proof");
});

it("says of a reference whether the job or the config gave it", () => {
  const subject = { type: "t", "@context": ["c"], ref: "did:x", site: { type: "s", name: "Roof" } };
  const from = (MRV_REF?: string) =>
    fieldsOf(subject, { MRV_FIELD_MAP: { "site.name": { from: "constant", value: "Roof" } }, MRV_REF });
  expect(from("did:x")).toEqual([
    { path: "ref", value: "did:x", from: "the job's reference" },
    { path: "site.name", value: "Roof", from: "A fixed value" },
  ]);
  expect(from()[0]).toEqual({ path: "ref", value: "did:x", from: "the MRV config" });
});

it("gives a correction another id", async () => {
  const { record } = await aMappedRecord();
  const first = await credentialPreview(ctx(), { recordId: record.id });
  const correction = await aMappedRecord({
    correction: 1,
    correctsId: record.id,
    did: record.did,
    policyId: record.policyId,
  });
  const second = await credentialPreview(ctx(), { recordId: correction.record.id });
  expect(second.credentialId).not.toBe(first.credentialId);
  expect(first.credentialId).toMatch(/^urn:uuid:/);
});

it("says why none can be made: a field that does not fit, no figure, or a device that became another one", async () => {
  const faultOf = async (recordId: string) => credentialPreview(ctx(), { recordId });
  const unknown = await aMappedRecord({}, { colour: { from: "meterId" } });
  expect(await faultOf(unknown.record.id)).toMatchObject({
    document: null,
    fields: [],
    fault: expect.stringContaining("colour: The schema has no such field"),
  });
  const empty = await aMappedRecord({ value: null });
  expect((await faultOf(empty.record.id)).fault).toContain("there are no readings");
  const other = await aMappedRecord({ did: "did:hedera:testnet:before" });
  expect((await faultOf(other.record.id)).fault).toContain("another device");
  const moved = await aMappedRecord({ policyId: "before" });
  expect(await faultOf(moved.record.id)).toMatchObject({
    document: null,
    fault: expect.stringContaining("of another policy"),
  });
});

it("is the stored document once it is signed, whatever the device's config says now", async () => {
  const document = { id: "urn:uuid:1", credentialSubject: [{ type: "t", "@context": ["c"], field1: "7" }], proof: {} };
  const { record } = await aMappedRecord({
    status: "submitted",
    did: "did:hedera:testnet:long-before",
    credential: JSON.stringify(document),
    credentialId: "urn:uuid:1",
    payloadHash: "0",
    issuedAt: new Date(),
    decidedAt: new Date(),
    decidedById: newId(),
    decidedByName: "Ada",
  });
  expect(await credentialPreview(ctx(), { recordId: record.id })).toEqual({
    credentialId: "urn:uuid:1",
    document,
    fields: [{ path: "field1", value: "7", from: "The metric's figure, at most 1 decimal" }],
    fault: null,
  });
});

it("is shown only to those who see the meter", async () => {
  const { record } = await aMappedRecord();
  const token: Actor = { kind: "token", id: newId(), name: "t", roles: ["viewer"], meterIds: [newId()] };
  await expect(credentialPreview({ ...ctx(), actor: token }, { recordId: record.id })).rejects.toThrow(Forbidden);
  await expect(credentialPreview(ctx(), { recordId: newId() })).rejects.toThrow(NotFound);
});
