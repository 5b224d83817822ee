import { describe, expect, it } from "vitest";
import { type Enrolled, enrol, subjectOf, valuesOf } from "../../e2e/simulators/guardian/testing";
import { InvalidInput } from "../errors";
import { decimalText, exactNumber, shortestDecimal } from "./decimal-text";
import type { GivenValue } from "./field-values";
import { buildSubject } from "./subject";
import { checkSubjectSchema, validateSubject } from "./validate-subject";

function faultsOf(build: () => unknown): Record<string, string> {
  try {
    build();
  } catch (error) {
    if (error instanceof InvalidInput) return error.fields;
    throw error;
  }
  return {};
}

const built = ({ config, policy }: Enrolled, values: Record<string, GivenValue>) =>
  buildSubject(config, values, policy.schema);

describe("a subject", () => {
  it("of text fields has type, context, fields in the schema's order, and what the schema asks of the config", async () => {
    const enrolled = await enrol({ fields: "text" });
    const subject = built(enrolled, { field2: 86_400, field1: "12.500", field0: "2026-11-23" });
    expect(JSON.stringify(subject)).toBe(
      JSON.stringify({
        type: enrolled.policy.type,
        "@context": [enrolled.policy.contextUrl],
        field0: "2026-11-23",
        field1: "12.500",
        field2: "86400",
        policyId: enrolled.policy.policyId,
        accountId: "0.0.1001",
      }),
    );
  });

  it("of typed fields has numbers, times, truth values and a nested object with its own type and the parent's context", async () => {
    const enrolled = await enrol({ fields: "typed" });
    const subject = subjectOf(enrolled);
    expect(subject).toMatchObject({
      readingDate: "2026-11-23",
      startedAt: "2026-11-22T13:00:00.000Z",
      durationSeconds: 86_400,
      energy: 12.5,
      emissions: 0.00975,
      isMetered: true,
      site: { "@context": [enrolled.policy.contextUrl], name: "Roof, north", latitude: -33.86, longitude: 151.21 },
      ref: enrolled.device.did,
    });
    expect((subject.site as { type: string }).type).toMatch(/^[0-9a-f-]{36}&1\.0\.0$/);
    expect((subject.site as { type: string }).type).not.toBe(subject.type);
    expect(Object.keys(subject).slice(-2)).toEqual(["policyId", "ref"]);
    expect("accountId" in subject).toBe(false);
    expect(validateSubject(subject, enrolled.policy.schema)).toEqual([]);
  });

  it.each(["one-term", "own-terms", "dry-run"] as const)(
    "without a JSON schema follows the %s context: fields and nested types, values as text",
    async (context) => {
      const { config, policy, device } = await enrol({ fields: "typed", context });
      const withSchema = buildSubject(config, valuesOf({ policy } as Enrolled), policy.schema);
      const subject = buildSubject(config, { energy: 12.5, "site.latitude": "-33.86" }, null);
      expect(subject).toEqual({
        type: policy.type,
        "@context": [policy.contextUrl],
        energy: "12.5",
        site: { ...(withSchema.site as object), name: undefined, longitude: undefined, latitude: "-33.86" },
        policyId: policy.policyId,
        ref: device.did,
      });
    },
  );

  it("takes types from a context that has them", () => {
    const config = {
      type: "t",
      contextUrls: ["ipfs://c"],
      policyId: "p",
      ref: "r",
      context: {
        "@context": {
          t: {
            "@context": {
              count: { "@id": "ipfs://c#count", "@type": "http://www.w3.org/2001/XMLSchema#integer" },
              energy: { "@id": "ipfs://c#energy", "@type": "xsd:double" },
              isOn: { "@id": "https://www.schema.org/boolean" },
              list: { "@id": "https://www.schema.org/text", "@container": "@list" },
            },
          },
        },
      },
    };
    expect(buildSubject(config, { count: "3", energy: "0.1", isOn: "true", list: [1, "b"] }, null)).toEqual({
      ...{ type: "t", "@context": ["ipfs://c"], count: 3, energy: 0.1, isOn: true, list: ["1", "b"] },
    });
  });

  it("names every value that does not fit, and every field that the schema does not have", async () => {
    const enrolled = await enrol({ fields: "typed" });
    const given: Record<string, GivenValue> = {
      ...valuesOf(enrolled),
      readingDate: new Date("2026-11-23T00:00:00Z"),
      energy: "12,5",
      durationSeconds: 0.5,
      isMetered: "yes",
      emissions: Number.NaN,
      policyId: "mine",
      amount: 1,
      "site.altitude": 3,
    };
    expect(faultsOf(() => built(enrolled, given))).toEqual({
      readingDate: expect.stringMatching(/meter's zone/),
      energy: expect.stringMatching(/a number, written with digits and a point/),
      durationSeconds: expect.stringMatching(/whole number/),
      isMetered: expect.stringMatching(/true or false/),
      emissions: expect.stringMatching(/no number/),
      policyId: expect.stringMatching(/filled from the MRV config/),
      amount: expect.stringMatching(/no such field. It has readingId, readingDate/),
      "site.altitude": expect.stringMatching(/It has name, latitude, longitude/),
    });
    expect(faultsOf(() => built(enrolled, { site: "here" })).site).toMatch(/object with the fields name/);
    expect(faultsOf(() => built(enrolled, { site: "here", "site.name": "x" }))["site.name"]).toMatch(/one of both/);
  });

  it("says when the schema wants what the config does not have", async () => {
    const { config, policy } = await enrol({ fields: "text" });
    const { hederaAccountId: _, ...without } = config;
    expect(faultsOf(() => buildSubject(without, { field0: "x" }, policy.schema))).toEqual({
      accountId: expect.stringMatching(/MRV config does not have it/),
    });
  });

  it("refuses a decimal that a number in JSON would change", async () => {
    const enrolled = await enrol({ fields: "typed" });
    const given = { ...valuesOf(enrolled), energy: "12345678.123456789123" };
    expect(faultsOf(() => built(enrolled, given)).energy).toMatch(/more digits than a number/);
    expect(built(enrolled, { ...given, energy: "123456.123456789" }).energy).toBe(123456.123456789);
  });
});

describe("decimal text", () => {
  it.each([
    [0.1 + 0.2, 9, "0.3"],
    [1e-7, 9, "0.0000001"],
    [1e-10, 9, "0"],
    [-0, 9, "0"],
    [-1e-9, 9, "-0.000000001"],
    [12.5, 9, "12.5"],
    [1e21, 9, "1000000000000000000000"],
    [1.5e22, 0, "15000000000000000000000"],
    [2.005, 2, "2.01"],
    [12_345_678.3 + 1e-9, 12, "12345678.3"],
    [86_400, 9, "86400"],
  ])("of %d with %d decimals is %s", (value, decimals, text) => {
    expect(decimalText(value, decimals)).toBe(text);
  });

  it("is shortened without changing what it says, and becomes a number only where that is exact", () => {
    expect(["012.50", "12.", "-0.0", "100", "0.0010", "1e3", "", "12,5", "-3.10"].map(shortestDecimal)).toEqual([
      ...["12.5", "12", "0", "100", "0.001", null, null, null, "-3.1"],
    ]);
    expect(exactNumber("0.1")).toBe(0.1);
    expect(exactNumber("0.0000001000")).toBe(1e-7);
    expect(exactNumber("9007199254740993")).toBeNull();
    expect(exactNumber("0.12345678901234567890")).toBeNull();
  });
});

describe("validating a subject", () => {
  it("names each fault with the field's title", async () => {
    const enrolled = await enrol({ fields: "typed" });
    const { energy: _, ...rest } = subjectOf(enrolled);
    const subject = {
      ...rest,
      unit: "J",
      readingDate: "23.11.2026",
      durationSeconds: "86400",
      factorLink: "see below",
      owner: "me",
      extra: 1,
      site: { ...(rest.site as object), latitude: 123 },
    };
    const faults = validateSubject(subject, enrolled.policy.schema);
    expect(Object.fromEntries(faults.map(({ path, message }) => [path, message]))).toEqual({
      energy: "Amount (energy) is missing: the schema needs it.",
      unit: "Unit (unit) must be one of kWh, MWh.",
      readingDate: "Day (readingDate) must be a day such as 2026-11-23.",
      durationSeconds: "Duration (durationSeconds) must be a whole number.",
      factorLink: "Source of the factor (factorLink) must be an address such as https://example.com/factors.",
      owner: "Owner (owner) must have the form ^\\d+\\.\\d+\\.\\d+$.",
      extra: "extra is not a field of the schema: take it out of the field map.",
      "site.latitude": "Latitude (site.latitude) must be at most 90.",
    });
    expect(faults.find(({ path }) => path === "energy")?.title).toBe("Amount");
  });

  it("finds a number where text is wanted", async () => {
    const enrolled = await enrol({ fields: "text" });
    const faults = validateSubject({ ...subjectOf(enrolled), field1: 12.5 }, enrolled.policy.schema);
    expect(faults).toEqual([{ path: "field1", title: "Amount", message: "Amount (field1) must be text." }]);
  });

  it("does not use the schema of before when it was changed in place", async () => {
    const enrolled = await enrol({ fields: "text" });
    const schema = structuredClone(enrolled.policy.schema) as {
      properties: Record<string, unknown>;
      required: string[];
    };
    expect(validateSubject(subjectOf(enrolled), schema)).toEqual([]);
    schema.properties.field3 = { title: "Site", type: "string" };
    schema.required.push("field3");
    expect(validateSubject(subjectOf(enrolled), schema).map(({ path }) => path)).toEqual(["field3"]);
  });
});

describe("a schema that is uploaded", () => {
  it("must be one, of the config's type and fields, and complete in itself", async () => {
    const { config, policy } = await enrol({ fields: "text" });
    const other = await enrol({ fields: "typed" });
    expect(checkSubjectSchema(policy.schema, config)).toEqual([]);
    expect(checkSubjectSchema(other.policy.schema, config).join(" ")).toMatch(/another type.*does not know readingId/);
    expect(checkSubjectSchema({ type: "nonsense" }, config).join(" ")).toMatch(/no JSON schema that can be used/);
    const remote = { ...policy.schema, properties: { field0: { $ref: "https://example.com/schema.json" } } };
    expect(checkSubjectSchema(remote, config).join(" ")).toMatch(/can't resolve reference/);
  });

  it("may carry what Guardian takes out before it compiles", async () => {
    const { config, policy } = await enrol({ fields: "text" });
    const schema = structuredClone(policy.schema) as { properties: Record<string, object>; allOf?: unknown[] };
    Object.assign(schema.properties.field0 ?? {}, { templateFieldId: "7" });
    schema.allOf = [{ if: { properties: { field0: { const: "x" } } } }];
    expect(checkSubjectSchema(schema, config)).toEqual([]);
  });
});
