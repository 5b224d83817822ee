import { expect, it } from "vitest";
import type { DeviceField } from "../../devices/schemas";
import type { FieldRule } from "../settings";
import { suggestFieldMap } from "./suggest-field-map";

const field = (path: string, values: Partial<DeviceField> = {}): DeviceField => ({
  path,
  title: null,
  kind: "text",
  format: null,
  isList: false,
  isRequired: true,
  isFromConfig: false,
  ...values,
});
const suggested = (...fields: DeviceField[]) => suggestFieldMap(fields);

it.each<[string, Partial<DeviceField>, FieldRule]>([
  ["intervalEndDateTime", { format: "date-time" }, { from: "periodEnd" }],
  ["readingDate", { format: "date" }, { from: "periodStart" }],
  ["endTime", {}, { from: "periodEnd", as: "dateTime" }],
  ["startDate", {}, { from: "periodStart", as: "date" }],
  ["startedAt", {}, { from: "periodStart", as: "dateTime" }],
  ["durationUnit", {}, { from: "constant", value: "seconds" }],
  ["emissionsUOM", {}, { from: "constant", value: "tCO2e" }],
  ["valueUOM", {}, { from: "metricUnit" }],
  ["meterId", {}, { from: "meterId" }],
  ["deviceId", {}, { from: "deviceDid" }],
  ["readingId", {}, { from: "recordId" }],
  ["durationSeconds", { kind: "integer" }, { from: "periodSeconds" }],
  ["coverage", { kind: "number" }, { from: "coverage" }],
  ["emissionFactor", { kind: "number" }, { from: "emissionFactor" }],
  ["readings", { kind: "integer" }, { from: "readings" }],
  ["energy", { kind: "number" }, { from: "metric", decimals: 6 }],
  ["energy", { kind: "integer" }, { from: "metric" }],
  ["f1", { title: "Energy generated" }, { from: "metric" }],
])("fills %s %o", (path, values, rule) => {
  expect(suggested(field(path, values))).toEqual({ [path]: rule });
});

it.each<[string, Partial<DeviceField>]>([
  ["energy", { isList: true, kind: "number" }],
  ["policyId", { isFromConfig: true }],
  ["meterLink", { format: "uri", title: "Meter id" }],
  ["factorName", { title: "Emission factor" }],
  ["installerId", {}],
  ["isMetered", { kind: "boolean" }],
  ["siteName", {}],
  ["co2", { kind: "text" }],
])("leaves %s %o to a person", (path, values) => {
  expect(suggested(field(path, values))).toEqual({});
});

it("fills one of several carbon fields: a required one, and the equivalent before a single gas", () => {
  const gas = (path: string, isRequired: boolean) => field(path, { kind: "number", isRequired });
  const carbon = { from: "carbonTons", decimals: 9 };
  expect(suggested(gas("co2", true), gas("co2e", true))).toEqual({ co2e: carbon });
  expect(suggested(gas("co2e", false), gas("co2", true))).toEqual({ co2: carbon });
  expect(suggested(gas("co2", true))).toEqual({ co2: carbon });
});
