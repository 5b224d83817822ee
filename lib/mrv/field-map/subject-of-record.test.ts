import { describe, expect, it } from "vitest";
import { judgeCredential } from "../../../e2e/simulators/guardian/judge";
import { enrol, ISSUED_AT, signAsDevice, styles } from "../../../e2e/simulators/guardian/testing";
import { deviceFields } from "../../devices/config/device-fields";
import { InvalidInput } from "../../errors";
import { type FieldRule, mrvSettings } from "../settings";
import { fieldMapFaults } from "./check-field-map";
import type { RecordFacts } from "./record-facts";
import { subjectOfRecord } from "./subject-of-record";
import { suggestFieldMap } from "./suggest-field-map";

const facts: RecordFacts = {
  recordId: "019a0000-0000-7000-8000-000000000001",
  meterId: "019a0000-0000-7000-8000-000000000002",
  metric: "eRealPositiveKwh",
  unit: "kWh",
  value: "12.345678905",
  carbonTons: "0.009629629545",
  emissionFactor: "0.78",
  coverage: "1.000000",
  readings: 288,
  // 23 November in Sydney.
  periodStart: new Date("2026-11-22T13:00:00Z"),
  periodEnd: new Date("2026-11-23T13:00:00Z"),
  timezone: "Australia/Sydney",
};

const settingsWith = (map: Record<string, FieldRule>, more: object = {}) =>
  mrvSettings.parse({ MRV_METRIC: "eRealPositiveKwh", MRV_FIELD_MAP: map, ...more });

const site: Record<string, FieldRule> = {
  isMetered: { from: "constant", value: true },
  "site.name": { from: "constant", value: "Roof, north" },
  "site.latitude": { from: "constant", value: -33.86 },
  "site.longitude": { from: "constant", value: "151.21" },
};

async function typed(map: Record<string, FieldRule>, more: Partial<RecordFacts> = {}, hasSchema = true) {
  const { config, policy } = await enrol({ fields: "typed", context: "own-terms" });
  const device = { config, subjectSchema: hasSchema ? policy.schema : null };
  return subjectOfRecord({ ...facts, ...more }, settingsWith(map), device);
}

/** The suggestion and what it leaves to a person. */
async function wholeMap(): Promise<Record<string, FieldRule>> {
  const { config, policy } = await enrol({ fields: "typed", context: "own-terms" });
  return { ...suggestFieldMap(deviceFields(config, policy.schema)), ...site };
}

async function faultsOf(subject: Promise<unknown>): Promise<Record<string, string>> {
  const error = await subject.catch((each: unknown) => each);
  if (!(error instanceof InvalidInput)) throw new Error(`It was not refused: ${JSON.stringify(error)}`);
  return error.fields;
}

describe("subjectOfRecord", () => {
  it.each(styles)(
    "makes of the suggestion what Guardian takes: $fields fields, $context context, $did DID",
    async (style) => {
      const enrolled = await enrol(style);
      const { config, policy, device } = enrolled;
      const suggested = suggestFieldMap(deviceFields(config, policy.schema));
      const settings = settingsWith({ ...suggested, ...(style.fields === "typed" && site) });
      const subject = subjectOfRecord(facts, settings, { config, subjectSchema: policy.schema });
      const { text } = await signAsDevice(enrolled, subject);
      const world = { policies: [policy], didDocuments: new Map([[device.did, device.didDocument]]) };
      expect(await judgeCredential(JSON.parse(text), world, ISSUED_AT)).toEqual({ verdict: "VERIFIED", reason: null });
      if (style.fields === "text") {
        expect(subject).toMatchObject({ field0: "2026-11-23", field1: "12.345678905", field2: "86400" });
      } else {
        expect(subject).toMatchObject({
          readingId: facts.recordId,
          readingDate: "2026-11-23",
          startedAt: "2026-11-22T13:00:00.000Z",
          endedAt: "2026-11-23T13:00:00.000Z",
          durationSeconds: 86_400,
          energy: 12.345679,
          unit: "kWh",
          emissions: 0.00962963,
          isMetered: true,
          site: { latitude: -33.86, longitude: 151.21 },
        });
      }
    },
  );

  it("suggests date, amount and period also where no JSON schema names them", async () => {
    const { config } = await enrol({ fields: "text" });
    expect(suggestFieldMap(deviceFields(config, null))).toEqual({
      field0: { from: "periodStart", as: "date" },
      field1: { from: "metric" },
      field2: { from: "periodSeconds" },
    });
  });

  it.each<[FieldRule, string | number]>([
    [{ from: "metric" }, "12.345678905"],
    [{ from: "metric", decimals: 8 }, "12.34567891"],
    [{ from: "metric", decimals: 0 }, "12"],
    [{ from: "metric", as: "number", decimals: 3 }, 12.346],
    [{ from: "metric", as: "integer", decimals: 0 }, 12],
    [{ from: "metricUnit" }, "kWh"],
    [{ from: "periodStart" }, "2026-11-22T13:00:00.000Z"],
    [{ from: "periodStart", as: "date" }, "2026-11-23"],
    [{ from: "periodEnd", as: "dateTime" }, "2026-11-23T13:00:00.000Z"],
    [{ from: "periodSeconds", as: "number" }, 86_400],
    [{ from: "coverage" }, "1"],
    [{ from: "coverage", as: "number" }, 1],
    [{ from: "readings", as: "integer" }, 288],
    [{ from: "carbonTons", as: "number" }, 0.009629629545],
    [{ from: "emissionFactor" }, "0.78"],
    [{ from: "meterId" }, "019a0000-0000-7000-8000-000000000002"],
    [{ from: "constant", value: 0.0000001 }, "0.0000001"],
    [{ from: "constant", value: 7, as: "integer" }, 7],
    [{ from: "constant", value: "007" }, "007"],
  ])("fills a field without a schema as the rule says: %o", async (rule, value) => {
    const { config } = await enrol({ fields: "text" });
    const subject = subjectOfRecord(facts, settingsWith({ field1: rule }), { config, subjectSchema: null });
    expect(subject.field1).toBe(value);
  });

  it("rounds decimal text half away from zero, however long it is", async () => {
    const { config } = await enrol({ fields: "text" });
    const field = (value: string, decimals: number) =>
      subjectOfRecord({ ...facts, value }, settingsWith({ field1: { from: "metric", decimals } }), {
        config,
        subjectSchema: null,
      }).field1;
    expect(field("2.5", 0)).toBe("3");
    expect(field("-2.5", 0)).toBe("-3");
    expect(field("1.005", 2)).toBe("1.01");
    expect(field("-0.004", 2)).toBe("0");
    expect(field("99999999999999999999.995", 2)).toBe("100000000000000000000");
  });

  it("says at its field what is unknown, what is missing, what the config fills, and what has no value", async () => {
    const { "site.name": _, ...map } = await wholeMap();
    expect(await faultsOf(typed({ ...map, colour: { from: "meterId" } }))).toEqual({
      colour: expect.stringContaining("no such field"),
    });
    expect(await faultsOf(typed(map))).toEqual({ "site.name": expect.stringContaining("is missing") });
    const whole = { ...map, ...site };
    expect(Object.keys(await faultsOf(typed({ ...whole, policyId: { from: "meterId" } })))).toEqual(["policyId"]);
    expect(await faultsOf(typed(whole, { value: null }))).toEqual({ energy: expect.stringContaining("no readings") });
    // Optional: left out.
    expect(await typed(whole, { carbonTons: null })).not.toHaveProperty("emissions");
    expect(await faultsOf(typed({ emissions: { from: "carbonTons" } }, { carbonTons: null }, false))).toEqual({
      emissions: expect.stringContaining("no carbon"),
    });
  });

  it("loses no digit without a word, and makes no number of a time", async () => {
    const whole = await wholeMap();
    const energy = (rule: FieldRule, value = "12.5") => typed({ ...whole, energy: rule }, { value });
    expect(await faultsOf(energy({ from: "metric" }, "1234567890.123456789"))).toEqual({
      energy: expect.stringContaining("fewer decimals"),
    });
    expect((await energy({ from: "metric" }, "123456789.1234567")).energy).toBe(123456789.1234567);
    expect(Object.keys(await faultsOf(energy({ from: "periodStart" })))).toEqual(["energy"]);
    const rounded = { ...whole, durationSeconds: { from: "metric" as const } };
    expect(await faultsOf(typed(rounded))).toEqual({ durationSeconds: expect.stringContaining("decimals to 0") });
    // The form that a rule asks for wins, and the schema judges it.
    expect(await faultsOf(energy({ from: "metric", as: "string" }))).toEqual({
      energy: expect.stringContaining("must be a number"),
    });
    expect(await faultsOf(typed({ ...whole, readingDate: { from: "metric" } }))).toEqual({
      readingDate: expect.stringContaining("no day"),
    });
  });

  it("names the document that MRV_REF says instead of the device", async () => {
    const { config, policy } = await enrol({ fields: "typed" });
    const settings = settingsWith(await wholeMap(), { MRV_REF: "did:hedera:testnet:other" });
    expect(subjectOfRecord(facts, settings, { config, subjectSchema: policy.schema }).ref).toBe(
      "did:hedera:testnet:other",
    );
  });
});

describe("fieldMapFaults", () => {
  it("tries the bounds of a schema with several figures, and refuses what no figure fits", async () => {
    const { config, policy } = await enrol({ fields: "typed" });
    const bounded = (bounds: object) => {
      const subjectSchema = structuredClone(policy.schema) as { properties: Record<string, object> };
      subjectSchema.properties.energy = { type: "number", ...bounds };
      return { config, subjectSchema };
    };
    const settings = settingsWith(await wholeMap());
    expect(fieldMapFaults(facts, settings, bounded({ maximum: 2 }))).toEqual({});
    expect(fieldMapFaults(facts, settings, bounded({ maximum: -1 }))).toEqual({
      energy: expect.stringContaining("at most -1"),
    });
  });

  it("refuses a map without any figure", async () => {
    const { config } = await enrol({ fields: "text" });
    const faults = fieldMapFaults(facts, settingsWith({ field0: { from: "recordId" } }), {
      config,
      subjectSchema: null,
    });
    expect(faults).toEqual({ "": expect.stringContaining("No field holds a figure") });
  });
});
