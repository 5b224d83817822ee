import { describe, expect, it } from "vitest";
import { enrol } from "../../../e2e/simulators/guardian/testing";
import { testDatabase } from "../../db/testing";
import { InvalidInput } from "../../errors";
import type { JsonObject } from "../../guardian/json-object";
import { shapeOfSchema } from "../../guardian/subject-shape";
import { aDevice, aMeter, aRecord } from "../../testing/builders";
import { type FieldRule, mrvSettings } from "../settings";
import { fieldMapFaults, sampleFacts } from "./check-field-map";
import { factsOf } from "./record-facts";
import { signedConfig } from "./signed-config";
import { builtSubject, fieldAt } from "./subject-of-record";

const database = testDatabase();
const nested: JsonObject = {
  required: ["amount"],
  properties: {
    amount: { type: "number" },
    series: { type: "array", items: { type: "number" } },
    open: {},
    site: { $ref: "#site" },
  },
  $defs: { "#site": { required: ["name"], properties: { name: { type: "string" }, note: { type: "string" } } } },
};
const sample = sampleFacts({
  meterId: "019a0000-0000-7000-8000-000000000002",
  metric: "eRealPositiveKwh",
  unit: "kWh",
  hasCarbon: false,
  periodStart: new Date("2026-11-22T13:00:00Z"),
  periodEnd: new Date("2026-11-23T13:00:00Z"),
  timezone: "Australia/Sydney",
  resolutionSeconds: 300,
});
const settingsWith = (map: Record<string, FieldRule>, more: object = {}) =>
  mrvSettings.parse({ MRV_METRIC: "eRealPositiveKwh", MRV_FIELD_MAP: map, ...more });

async function built(map: Record<string, FieldRule>) {
  const { config } = await enrol({ fields: "typed" });
  return builtSubject(sample, settingsWith(map), { config, subjectSchema: nested });
}

describe("a nested field", () => {
  const shape = shapeOfSchema(nested, "t");

  it("is required where all above it are", () => {
    expect(fieldAt(shape, "amount")).toMatchObject({ isRequired: true, field: { kind: "number" } });
    // The object itself may be left out.
    expect(fieldAt(shape, "site.name")).toMatchObject({ isRequired: false, field: { kind: "text" } });
    const whole = { ...nested, required: ["site"] };
    expect(fieldAt(shapeOfSchema(whole, "t"), "site.name").isRequired).toBe(true);
    expect(fieldAt(shapeOfSchema(whole, "t"), "site.note").isRequired).toBe(false);
    expect(fieldAt(shape, "site.else.where")).toEqual({ field: undefined, isRequired: false });
  });
});

describe("builtSubject", () => {
  it("puts one value into a list, exactly", async () => {
    expect((await built({ series: { from: "metric" } })).series).toEqual([12.345678]);
    expect((await built({ series: { from: "metric", as: "string" } })).series).toEqual(["12.345678"]);
  });

  it("puts in as it is what a rule names the form of, and a number where nothing says what is wanted", async () => {
    expect((await built({ amount: { from: "metric", as: "string" } })).amount).toBe("12.345678");
    expect((await built({ open: { from: "metric", as: "number" } })).open).toBe(12.345678);
    expect((await built({ open: { from: "constant", value: 0.5 } })).open).toBe(0.5);
    expect((await built({ amount: { from: "metric" } })).amount).toBe(12.345678);
  });

  it("says all at once what the schema does not know and what the record cannot fill", async () => {
    const error = await built({ colour: { from: "metric" }, amount: { from: "periodStart" } }).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(InvalidInput);
    expect((error as InvalidInput).fields).toEqual({
      colour: expect.stringContaining("no such field"),
      amount: expect.stringContaining("A time is no number"),
    });
  });
});

describe("a sample", () => {
  it("has carbon only where readings of the meter get it, and never where another figure is tried", async () => {
    const { config } = await enrol({ fields: "text" });
    const settings = settingsWith({ field1: { from: "carbonTons" } });
    const faults = fieldMapFaults(sample, settings, { config, subjectSchema: null });
    expect(faults).toEqual({ field1: expect.stringContaining("no carbon") });
    const schema = {
      required: [],
      properties: { field1: { type: "number", maximum: 2 }, field2: { type: "number", maximum: -1 } },
    };
    const optional = settingsWith({ field1: { from: "metric" }, field2: { from: "carbonTons" } });
    expect(fieldMapFaults(sample, optional, { config, subjectSchema: schema })).toEqual({});
  });

  it("is enough of a figure with carbon alone", async () => {
    const { config } = await enrol({ fields: "text" });
    const facts = sampleFacts({ ...sample, hasCarbon: true, resolutionSeconds: 300 });
    expect(facts).toMatchObject({ carbonTons: expect.any(String), readings: 288, coverage: "1" });
    const settings = settingsWith({ field1: { from: "carbonTons" } });
    expect(fieldMapFaults(facts, settings, { config, subjectSchema: null })).toEqual({});
  });
});

it("has an emission factor where all of the record's are one, and none where they are two", async () => {
  const device = await aDevice(database.db);
  const record = await aRecord(database.db, { device, meter: await aMeter(database.db, { deviceId: device.id }) });
  const factor = (id: string, value: string) => ({ id, value }) as (typeof record.evidence.factors)[number];
  const withFactors = (...factors: ReturnType<typeof factor>[]) =>
    factsOf({ ...record, evidence: { ...record.evidence, factors } }).emissionFactor;
  expect(withFactors()).toBeNull();
  expect(withFactors(factor("a", "0.78"), factor("b", "0.78"))).toBe("0.78");
  expect(withFactors(factor("a", "0.78"), factor("b", "0.66"))).toBeNull();
});

it("signs and sends with the job's policy tag and reference, where it says them, and else with the device's", async () => {
  const { config } = await enrol({ fields: "text" });
  expect(signedConfig(config, {})).toEqual(config);
  expect(signedConfig(config, { MRV_POLICY_TAG: "Tag_x" })).toEqual({ ...config, policyTag: "Tag_x" });
  expect(signedConfig(config, { MRV_REF: "did:x" })).toEqual({ ...config, ref: "did:x" });
});
