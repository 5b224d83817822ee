import { expect, it } from "vitest";
import { meterTypeOptions } from "@/lib/meters/form-options";
import type { MeterDto } from "@/lib/meters/schemas";
import { inputOf, valuesOf } from "./meter-values";

const settings = {
  stampColumn: "Local time",
  noHeader: true,
  linesAfterHeader: 1,
  values: [{ column: "Import (kWh)", metric: "eRealPositiveKwh", unit: "kWh" }],
  qualities: { A: "actual", E: "estimated" },
};
const fields = meterTypeOptions().find(({ type }) => type === "CSV")?.settings ?? [];

it("shows settings that have parts of their own as JSON, and gives back what it was given", () => {
  const meter = {
    type: "CSV",
    dataSourceType: "S3",
    settings: { ...settings, s3: { prefix: "a/" } },
  } as unknown as MeterDto;
  const values = valuesOf(meter, "Australia/Sydney", "CSV");
  expect(values["settings.noHeader"]).toBe("on");
  expect(inputOf(values, fields, true).settings).toEqual({ ...settings, s3: { prefix: "a/" } });
});

it("leaves what is no JSON to the schema, which names the field", () => {
  const values = { dataSourceType: "S3", "settings.values": "Import = kWh" };
  expect(inputOf(values, fields, false).settings).toEqual({ values: "Import = kWh", s3: {} });
});

it("asks for no source and no credential of a meter whose files are uploaded", () => {
  const values = { name: "By hand", type: "CSV", dataSourceType: "UPLOAD", dataSource: "left over", "aws.region": "x" };
  expect(inputOf(values, fields, false)).toEqual({
    ...{ name: "By hand", type: "CSV", dataSourceType: "UPLOAD", timezone: "", region: null, capacityKw: null },
    settings: {},
  });
});

it("takes lists of names apart at commas, and numbers at spaces, too", () => {
  const greenButton = meterTypeOptions().find(({ type }) => type === "GreenButton")?.settings ?? [];
  const wattwatchers = meterTypeOptions().find(({ type }) => type === "WattWatchers")?.settings ?? [];
  const named = { dataSourceType: "S3", "settings.meterReadings": "House, whole; Shed 2" };
  expect(inputOf(named, greenButton, true).settings).toMatchObject({ meterReadings: ["House", "whole", "Shed 2"] });
  expect(inputOf({ "settings.channels": "1 2, 3" }, wattwatchers, true).settings).toEqual({ channels: [1, 2, 3] });
});
