import type { Quality } from "../../metrics/registry";
import { kwToKwh } from "../../units";
import { collectReadings, startsInside } from "../collect-readings";
import type { ParseContext, Parsed, RawInput, Reading, Reject } from "../contract";
import { periodOf, readLists } from "./rows";
import type { SolcastSettings } from "./settings";

/** Read in this order, so that an estimated actual holds where a forecast tells of the same period. */
const QUALITIES = [
  ["forecasts", "forecast"],
  ["estimated_actuals", "estimated"],
] as const satisfies readonly (readonly [SolcastSettings["include"][number], Quality])[];

/**
 * Estimated actuals and forecasts to readings: mean power of the modelled PV output over the period in kW, its 10th and
 * 90th percentile (forecasts only), and the energy, kW × hours of the period, in kWh; all positive = generated. Stamped with
 * the period's START; the vendor's `period_end` is its END. Modelled, so never `actual` and never `eRealKwh`. Null: not sent.
 * Source: Solcast rooftop sites, from the API or archived; archived answers of its `/data` endpoints have other names for the same.
 */
export async function parseSolcast(
  inputs: readonly RawInput[],
  context: ParseContext<SolcastSettings>,
): Promise<Parsed> {
  const rejects: Reject[] = [];
  let rowsRead = 0;
  const readings: Record<(typeof QUALITIES)[number][0], Reading[]> = { forecasts: [], estimated_actuals: [] };
  for (const input of inputs) {
    // A fresh answer of the API can be whole; an object in a bucket stays what it is.
    const body = readLists(await input.bytes(), input.name, context.dataSourceType === "API");
    const prefix = inputs.length > 1 ? `${input.name} ` : "";
    for (const [list, quality] of QUALITIES) {
      if (!context.settings.include.includes(list)) continue;
      const seen = new Map<number, { row: string; reading: Reading }>();
      for (const [index, row] of (body[list] ?? []).entries()) {
        const name = `${prefix}${list}[${index}]`;
        const result = readRow(row, quality);
        if (result.start !== undefined && !startsInside(result.start, context.range)) continue;
        rowsRead += 1;
        if ("reason" in result) {
          rejects.push({ row: name, reason: result.reason, startEpochSeconds: result.start });
          continue;
        }
        const earlier = seen.get(result.start);
        if (earlier && JSON.stringify(earlier.reading) !== JSON.stringify(result.reading)) {
          const reason = "The same period comes again later in the list with other values; the later row is used.";
          rejects.push({ row: earlier.row, reason, startEpochSeconds: result.start, kind: "duplicate" });
        }
        seen.set(result.start, { row: name, reading: result.reading });
        readings[list].push(result.reading);
      }
    }
  }
  const ordered = QUALITIES.flatMap(([list]) => readings[list]);
  return { readings: collectReadings(ordered, context.range), rejects, rowsRead };
}

/** Mean power in kW: of rooftop sites, and of the endpoints under `/data` (`rooftop_pv_power`, `advanced_pv_power`). */
const POWER_NAMES = ["pv_estimate", "pv_power_rooftop", "pv_power_advanced"] as const;

type Row = { start: number; reading: Reading } | { start?: number; reason: string };

function readRow(row: unknown, quality: Quality): Row {
  if (typeof row !== "object" || row === null || Array.isArray(row)) return { reason: "The row is no object." };
  const values = row as Record<string, unknown>;
  const period = periodOf(values);
  if (typeof period === "string") return { reason: period };
  const { start, seconds } = period;
  const name = POWER_NAMES.find((each) => each in values);
  if (!name) return { start, reason: withoutPower(values) };
  const kw = values[name];
  if (!isPower(kw)) return { start, reason: `Its ${name} is no power in kW from 0 up.` };
  const percentiles = [values[`${name}10`], values[`${name}90`]].map((value) => value ?? null);
  if (!percentiles.every((value): value is number | null => value === null || isPower(value))) {
    return { start, reason: `Its ${name}10 or ${name}90 is no power in kW from 0 up.` };
  }
  const [low = null, high = null] = percentiles;
  const reading: Reading = {
    startEpochSeconds: start,
    durationSeconds: seconds,
    quality,
    pvEstimateKw: kw,
    pvEstimate10Kw: low,
    pvEstimate90Kw: high,
    pvEstimateKwh: kwToKwh(kw, seconds),
  };
  return { start, reading };
}

/** Answers about irradiance and weather have the same lists. */
function withoutPower(values: Record<string, unknown>): string {
  const others = Object.keys(values).filter((name) => name !== "period_end" && name !== "period");
  const found = others.length > 0 ? ` It holds ${others.join(", ").slice(0, 80)}.` : "";
  return `It has no power in kW (${POWER_NAMES.join(", ")}).${found} Ask for PV power.`;
}

function isPower(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value) && value >= 0;
}
