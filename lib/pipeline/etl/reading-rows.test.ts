import { expect, it } from "vitest";
import { collectReadings } from "../../connectors/collect-readings";
import type { Reading } from "../../connectors/contract";
import { readingRows, rowColumns, rowHeader } from "./reading-rows";

const day = { from: new Date("2026-04-05T00:00:00Z"), to: new Date("2026-04-06T00:00:00Z") };

function at(time: string, values: Partial<Reading>): Reading {
  const startEpochSeconds = Date.parse(`2026-04-05T${time}Z`) / 1000;
  return { startEpochSeconds, durationSeconds: 300, quality: "actual", ...values };
}

const noon = Date.parse("2026-04-05T12:00:00Z");
const factors = [
  { id: "before", value: "0.66", from: noon - 3_600_000, to: noon },
  { id: "after", value: "0.7", from: noon, to: Number.POSITIVE_INFINITY },
];

/** Rows by the names of their columns, without the empty fields. */
function rowsOf(...readings: Reading[]): Record<string, string>[] {
  const text = Buffer.from(readingRows("m", collectReadings(readings, day), factors)).toString();
  expect(text.startsWith(rowHeader)).toBe(true);
  expect(text.endsWith("\n")).toBe(true);
  const lines = text.slice(rowHeader.length).split("\n").slice(0, -1);
  return lines.map((line) => {
    const fields = line.split(",");
    expect(fields).toHaveLength(rowColumns.length);
    return Object.fromEntries(rowColumns.map((name, index) => [name, fields[index] ?? ""]).filter(([, text]) => text));
  });
}

it("writes each metric under its own name, and nothing where the source said nothing", () => {
  const some = { eRealKwh: -1.5, eReactiveKvarh: null, vRmsMax: 231.25 };
  expect(rowsOf(at("10:00:00", some), at("10:05:00", { iRmsMin: 1e-6, quality: "final_substituted" }))).toEqual([
    {
      ...{ meter_id: "m", timestamp: "2026-04-05T10:00:00Z", duration_seconds: "300", quality: "actual" },
      ...{ e_real_kwh: "-1.5", v_rms_max: "231.25" },
    },
    {
      ...{ meter_id: "m", timestamp: "2026-04-05T10:05:00Z", duration_seconds: "300", quality: "final_substituted" },
      i_rms_min: "0.000001",
    },
  ]);
});

it("computes carbon with the factor that holds at the start, and none without a factor or an energy", () => {
  const rows = rowsOf(
    at("10:55:00", { eRealKwh: 10 }),
    at("11:00:00", { eRealKwh: 10 }),
    at("11:05:00", { eRealKwh: null }),
    at("12:00:00", { eRealKwh: 10 }),
  );
  const carbon = rows.map((row) => [row.carbon_tons, row.carbon_factor_id, row.carbon_factor_value]);
  expect(carbon).toEqual([
    [undefined, undefined, undefined],
    ["0.0066", "before", "0.66"],
    [undefined, undefined, undefined],
    ["0.007", "after", "0.7"],
  ]);
});

it("is its header alone without readings", () => {
  expect(rowsOf()).toEqual([]);
});
