import { describe, expect, it } from "vitest";
import { listed } from "../listed-for-tests";
import { rawInput } from "../raw-inputs";
import { parseSolcast } from "./parse";
import { solcastSettings } from "./settings";

const range = { from: new Date("2026-11-01T00:00:00Z"), to: new Date("2026-11-02T00:00:00Z") };

function parse(bodies: unknown[], settings: unknown = {}) {
  const inputs = bodies.map((body, index) => rawInput(`${index}.json`, JSON.stringify(body), "application/json"));
  return listed(
    parseSolcast(inputs, {
      settings: solcastSettings.parse(settings),
      dataSource: "site",
      dataSourceType: "API",
      timezone: "Australia/Sydney",
      range,
    }),
  );
}

const parseText = (text: string) =>
  parseSolcast([rawInput("a.csv", text)], {
    settings: solcastSettings.parse({}),
    dataSource: "bucket",
    dataSourceType: "S3",
    timezone: "Australia/Sydney",
    range,
  });

const row = (end: string, kw: unknown, more: Record<string, unknown> = {}) => ({
  pv_estimate: kw,
  period_end: `2026-11-01T${end}:00.0000000Z`,
  period: "PT30M",
  ...more,
});
const without = (row: Record<string, unknown>, name: string) =>
  Object.fromEntries(Object.entries(row).filter(([each]) => each !== name));
const seconds = (time: string) => Date.parse(`2026-11-01T${time}:00Z`) / 1000;

describe("Solcast rows", () => {
  it("are stamped with the start of their period, kW and kW × hours", async () => {
    const { readings } = await parse([
      { forecasts: [row("12:00", 1.7069, { pv_estimate10: 1.4899, pv_estimate90: 1.7959 })] },
    ]);
    expect(readings).toEqual([
      {
        startEpochSeconds: seconds("11:30"),
        durationSeconds: 1800,
        quality: "forecast",
        pvEstimateKw: 1.7069,
        pvEstimate10Kw: 1.4899,
        pvEstimate90Kw: 1.7959,
        pvEstimateKwh: 0.85345,
      },
    ]);
  });

  it.each([
    ["PT5M", 300, 0.1],
    ["PT10M", 600, 0.2],
    ["PT15M", 900, 0.3],
    ["PT30M", 1800, 0.6],
    ["PT60M", 3600, 1.2],
    ["PT1H", 3600, 1.2],
  ])("can be %s long", async (period, duration, kwh) => {
    const { readings } = await parse([{ estimated_actuals: [row("12:00", 1.2, { period })] }]);
    expect(readings).toMatchObject([
      { startEpochSeconds: seconds("12:00") - duration, durationSeconds: duration, pvEstimateKwh: kwh },
    ]);
  });

  it.each(["pv_power_rooftop", "pv_power_advanced"])("can name their power %s", async (name) => {
    const power = { [name]: 1.2, [`${name}10`]: 0.5, [`${name}90`]: 1.5 };
    const { readings, rejects } = await parse([{ forecasts: [without(row("12:00", 0, power), "pv_estimate")] }]);
    expect(rejects).toEqual([]);
    expect(readings).toMatchObject([
      { pvEstimateKw: 1.2, pvEstimate10Kw: 0.5, pvEstimate90Kw: 1.5, pvEstimateKwh: 0.6, quality: "forecast" },
    ]);
  });

  it("are estimated where both lists have the period, whichever came later, and never actual", async () => {
    const actuals = { estimated_actuals: [row("12:00", 1)] };
    const forecasts = { forecasts: [row("12:00", 2, { pv_estimate10: 1, pv_estimate90: 3 })] };
    for (const bodies of [[actuals, forecasts], [forecasts, actuals], [{ ...actuals, ...forecasts }]]) {
      const { readings } = await parse(bodies);
      expect(readings).toMatchObject([{ quality: "estimated", pvEstimateKw: 1, pvEstimate10Kw: null }]);
    }
  });

  it("come from the later answer where two of one list have them", async () => {
    const older = { estimated_actuals: [row("12:00", 1), row("11:30", 3)] };
    const { readings, rejects } = await parse([older, { estimated_actuals: [row("12:00", 2)] }]);
    expect(readings.map(({ pvEstimateKw }) => pvEstimateKw)).toEqual([3, 2]);
    expect(rejects).toEqual([]);
  });

  it("that come twice in one answer are one reading; with other values the earlier is a reject", async () => {
    const same = await parse([{ estimated_actuals: [row("12:00", 1), row("12:00", 1)] }]);
    expect([same.readings.length, same.rejects.length]).toEqual([1, 0]);
    const other = await parse([{ estimated_actuals: [row("12:00", 1), row("12:00", 2)] }]);
    expect(other.readings).toMatchObject([{ pvEstimateKw: 2 }]);
    expect(other.rejects).toMatchObject([{ row: "estimated_actuals[0]", startEpochSeconds: seconds("11:30") }]);
  });

  it.each([
    ["no zone", row("12:00", 1, { period_end: "2026-11-01T12:00:00.0000000" }), /no instant/],
    ["part of a second", row("12:00", 1, { period_end: "2026-11-01T12:00:00.5000000Z" }), /whole seconds/],
    ["no such day", row("12:00", 1, { period_end: "2026-13-01T12:00:00.0000000Z" }), /no instant/],
    ["a number as its stamp", row("12:00", 1, { period_end: 1793534400 }), /no instant/],
    ["no period", row("12:00", 1, { period: undefined }), /period \(missing\)/],
    ["a day as its period", row("12:00", 1, { period: "P1D" }), /P1D/],
    ["two hours as its period", row("12:00", 1, { period: "PT2H" }), /PT2H/],
    ["an odd minute", row("12:01", 1), /five-minute mark/],
    ["no estimate", row("12:00", undefined), /no power/],
    ["a null for its estimate", row("12:00", null), /pv_estimate is no power/],
    [
      "irradiance alone",
      { ghi: 54, dni: 9, period_end: "2026-11-01T12:00:00Z", period: "PT30M" },
      /holds ghi, dni\. Ask/,
    ],
    ["text as its estimate", row("12:00", "1.2"), /no power/],
    ["a negative estimate", row("12:00", -0.1), /no power/],
    ["an odd percentile", row("12:00", 1, { pv_estimate90: "x" }), /pv_estimate90/],
    ["no fields", 7, /no object/],
  ])("with %s are rejected, the others kept", async (_name, odd, reason) => {
    const { readings, rejects } = await parse([{ estimated_actuals: [odd, row("13:00", 2)] }]);
    expect(readings).toMatchObject([{ pvEstimateKw: 2 }]);
    expect(rejects).toMatchObject([{ row: "estimated_actuals[0]", reason: expect.stringMatching(reason) }]);
  });

  it.each([
    ["an error with a 200", { response_status: { error_code: "InvalidKey", message: "No." } }],
    ["a list that is none", { estimated_actuals: { pv_estimate: 1 } }],
    ["nothing", {}],
  ])("are refused whole in %s", async (_name, body) => {
    await expect(parse([body])).rejects.toMatchObject({ code: "NOT_SOLCAST_DATA", isRetryable: true });
  });

  it.each([
    ["CSV", "period_end,period,pv_estimate\n2026-11-01T12:00:00Z,PT30M,1.2\n"],
    ["CSV with a byte order mark", "\uFEFFPvEstimate;PeriodEnd;Period\n1.2;2026-11-01T12:00:00Z;PT30M\n"],
  ])("are refused whole in %s, which does not say what its rows are", async (_name, body) => {
    await expect(parseText(body)).rejects.toMatchObject({
      code: "NOT_JSON",
      message: expect.stringMatching(/^a\.csv is a table \(CSV\).*format=json/),
    });
  });

  it("may be none at all", async () => {
    expect(await parse([{ estimated_actuals: [] }])).toEqual({ readings: [], rejects: [], rowsRead: 0 });
  });
});
