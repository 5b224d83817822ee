import { describe, expect, it } from "vitest";
import type { FieldRule } from "../settings";
import { type Filled, filledValue } from "./filled-value";
import type { RecordFacts } from "./record-facts";

const facts: RecordFacts & { deviceDid: string } = {
  deviceDid: "did:hedera:testnet:device",
  recordId: "019a0000-0000-7000-8000-000000000001",
  meterId: "019a0000-0000-7000-8000-000000000002",
  metric: "eRealPositiveKwh",
  unit: "kWh",
  value: "12.500",
  carbonTons: "0.0100",
  emissionFactor: "0.780",
  coverage: "0.500000",
  readings: 288,
  periodStart: new Date("2026-11-22T13:00:00Z"),
  periodEnd: new Date("2026-11-23T13:00:00Z"),
  timezone: "Australia/Sydney",
};
type Field = Parameters<typeof filledValue>[2];
const text: Field = { kind: "text" };
const fill = (rule: FieldRule, field: Field = text, more: Partial<RecordFacts> = {}): Filled =>
  filledValue(rule, { ...facts, ...more }, field);
const faultOf = (filled: Filled) => ("fault" in filled ? filled.fault : `no fault: ${JSON.stringify(filled)}`);

describe("a figure", () => {
  it.each<[FieldRule, string]>([
    [{ from: "metric" }, "12.5"],
    [{ from: "carbonTons" }, "0.01"],
    [{ from: "emissionFactor" }, "0.78"],
    [{ from: "coverage" }, "0.5"],
    [{ from: "constant", value: "12.500" }, "12.500"],
  ])("is written without trailing zeros, but what somebody wrote: %o", (rule, value) => {
    expect(fill(rule)).toEqual({ value });
  });

  it("alone can be rounded, and alone is a number", () => {
    expect(faultOf(fill({ from: "recordId", decimals: 2 }))).toContain("Only a figure can be rounded");
    expect(faultOf(fill({ from: "metricUnit", as: "number" }))).toContain("This is text");
    expect(faultOf(fill({ from: "metricUnit" }, { kind: "integer" }))).toContain("This is text");
    expect(fill({ from: "metric", decimals: 0 }, { kind: "integer" })).toEqual({ value: 13 });
  });

  it("that is not there says which, and why", () => {
    const absent = (from: "metric" | "carbonTons" | "emissionFactor") =>
      fill({ from }, text, { value: null, carbonTons: null, emissionFactor: null });
    expect(absent("metric")).toEqual({ absent: expect.stringContaining("no readings in its period") });
    expect(absent("carbonTons")).toEqual({ absent: expect.stringContaining("no emission factor applies") });
    expect(absent("emissionFactor")).toEqual({ absent: expect.stringContaining("more than one") });
  });
});

describe("true and false", () => {
  const rule: FieldRule = { from: "constant", value: true };

  it("go in as they are, or as text where text is asked for", () => {
    expect(fill(rule, { kind: "boolean" })).toEqual({ value: true });
    expect(fill(rule, { kind: "any" })).toEqual({ value: true });
    expect(fill(rule)).toEqual({ value: "true" });
    expect(fill({ ...rule, as: "string" }, { kind: "boolean" })).toEqual({ value: "true" });
  });

  it.each(["number", "integer", "date", "dateTime"] as const)("are no %s", (as) => {
    expect(faultOf(fill({ ...rule, as }))).toBe(`True and false are no ${as}.`);
  });
});

describe("a moment", () => {
  it("is a day or a time, or text, and never a number", () => {
    expect(fill({ from: "periodStart" })).toEqual({ value: "2026-11-22T13:00:00.000Z" });
    expect(fill({ from: "periodStart" }, { kind: "text", format: "date" })).toEqual({ value: "2026-11-23" });
    expect(fill({ from: "periodEnd" }, { kind: "text", format: "date" })).toEqual({ value: "2026-11-24" });
    for (const kind of ["number", "integer"] as const) {
      expect(faultOf(fill({ from: "periodStart" }, { kind }))).toContain("A time is no number");
    }
  });

  it("is what a field with that format wants: nothing else is one", () => {
    expect(faultOf(fill({ from: "metricUnit" }, { kind: "text", format: "date" }))).toContain("This is no day");
    expect(faultOf(fill({ from: "metricUnit" }, { kind: "text", format: "date-time" }))).toContain("This is no time");
    // A constant is what somebody wrote: the schema judges it.
    expect(fill({ from: "constant", value: "2026-01-01" }, { kind: "text", format: "date" })).toEqual({
      value: "2026-01-01",
    });
  });
});

it("leaves a number that a person gave to the schema where the field says nothing of its form", () => {
  expect(fill({ from: "constant", value: 7 }, { kind: "any" })).toEqual({ value: 7 });
  expect(fill({ from: "constant", value: 7 })).toEqual({ value: "7" });
});
