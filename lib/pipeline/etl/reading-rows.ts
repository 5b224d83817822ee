import type { Readings } from "../../connectors/readings";
import { carbonOf } from "../../factors/carbon-of";
import type { Factor } from "../../factors/factors-for";
import { metrics } from "../../metrics/registry";

/**
 * The one format of transformed objects, for all meter types: CSV in UTF-8, LF, the columns of `meter_data` by name. It is also
 * what ingestion hands to COPY, so nothing is done twice per row. Instants are interval STARTS in ISO 8601 UTC, numbers decimal text,
 * an empty field means that the source did not say.
 */
export const rowColumns = [
  "meter_id",
  "timestamp",
  "duration_seconds",
  ...metrics.map((metric) => metric.column),
  "carbon_factor_id",
  "carbon_factor_value",
  "quality",
] as const;

export const rowHeader = `${rowColumns.join(",")}\n`;

const CARBON_AT = rowColumns.indexOf("carbon_tons");
const FACTOR_ID_AT = rowColumns.indexOf("carbon_factor_id");
const FACTOR_VALUE_AT = rowColumns.indexOf("carbon_factor_value");
const QUALITY_AT = rowColumns.indexOf("quality");

// One flat string per row and one for all: adding field to field makes a tree of a kilobyte per row, and taking that apart again
// was a third of the transformation's time. Fields of a row that do not change from row to row are set once.
/** Readings, sorted by start and rounded by their connector, as rows behind a header. Carbon is energy times the factor valid at the reading's start. */
export function readingRows(meterId: string, readings: Readings, factors: readonly Factor[]): Uint8Array {
  const lines = new Array<string>(readings.length + 2);
  lines[0] = rowHeader.slice(0, -1);
  const fields = new Array<string>(rowColumns.length).fill("");
  fields[0] = meterId;
  const energies = readings.values.get("eRealKwh");
  const columns = metrics.flatMap(({ name, column }) => {
    const values = name === "carbonTons" ? undefined : readings.values.get(name);
    return values ? { values, place: rowColumns.indexOf(column) } : [];
  });
  let factor: Factor | undefined;
  let factorValue = 0;
  for (let index = 0; index < readings.length; index++) {
    const start = readings.startEpochSeconds[index] as number;
    const at = start * 1000;
    if (!factor || at < factor.from || at >= factor.to) {
      factor = factors.find(({ from, to }) => at >= from && at < to);
      factorValue = Number(factor?.value);
    }
    const energy = energies?.[index] ?? Number.NaN;
    const carbonFactor = Number.isNaN(energy) ? undefined : factor;
    fields[1] = isoSeconds(start);
    fields[2] = String(readings.durationSeconds[index]);
    for (const { values, place } of columns) {
      const value = values[index] as number;
      fields[place] = Number.isNaN(value) ? "" : decimalText(value);
    }
    fields[CARBON_AT] = carbonFactor ? decimalText(carbonOf(energy, factorValue)) : "";
    fields[FACTOR_ID_AT] = carbonFactor?.id ?? "";
    fields[FACTOR_VALUE_AT] = carbonFactor?.value ?? "";
    fields[QUALITY_AT] = readings.qualityAt(index);
    lines[index + 1] = fields.join(",");
  }
  lines[readings.length + 1] = "";
  // All of it is ASCII.
  return Buffer.from(lines.join("\n"), "latin1");
}

/** Plain decimals: `1e-7` is written 0.0000001. */
export function decimalText(value: number): string {
  const text = String(value);
  if (!text.includes("e")) return text;
  return value.toFixed(20).replace(/\.?0+$/, "");
}

const twoDigits = Array.from({ length: 60 }, (_, n) => String(n).padStart(2, "0"));
let dayNumber = Number.NaN;
let dayText = "";

/** `2026-04-05T00:05:00Z`. The day's part is kept from call to call: building a Date per row took a third of the time. */
export function isoSeconds(epochSeconds: number): string {
  const day = Math.floor(epochSeconds / 86_400);
  if (day !== dayNumber) {
    dayText = new Date(day * 86_400_000).toISOString().slice(0, 11);
    dayNumber = day;
  }
  const second = epochSeconds - day * 86_400;
  const minute = Math.floor(second / 60);
  return `${dayText}${twoDigits[Math.floor(minute / 60)]}:${twoDigits[minute % 60]}:${twoDigits[second % 60]}Z`;
}
