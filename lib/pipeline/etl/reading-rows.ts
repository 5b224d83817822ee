import type { Reading } from "../../connectors/contract";
import type { Factor } from "../../factors/factors-for";
import { type MetricName, metrics } from "../../metrics/registry";
import { carbonTons, roundTo } from "../../units";

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

const CARBON_DECIMALS = metrics.find((metric) => metric.name === "carbonTons")?.decimals ?? 12;
const names: readonly MetricName[] = metrics.map(({ name }) => name);

/** Readings, sorted by start and rounded by their connector, as rows behind a header. Carbon is energy times the factor valid at the reading's start. */
export function readingRows(meterId: string, readings: readonly Reading[], factors: readonly Factor[]): Uint8Array {
  const start = `${meterId},`;
  let text = rowHeader;
  let factor: Factor | undefined;
  let factorValue = 0;
  for (const reading of readings) {
    const at = reading.startEpochSeconds * 1000;
    if (!factor || at < factor.from || at >= factor.to) {
      factor = factors.find(({ from, to }) => at >= from && at < to);
      factorValue = Number(factor?.value);
    }
    const energy = reading.eRealKwh;
    const hasCarbon = factor !== undefined && typeof energy === "number";
    text += `${start}${isoSeconds(reading.startEpochSeconds)},${reading.durationSeconds}`;
    for (const name of names) {
      if (name === "carbonTons") {
        text += hasCarbon ? `,${decimalText(roundTo(carbonTons(energy, factorValue), CARBON_DECIMALS))}` : ",";
        continue;
      }
      const value = reading[name];
      text += typeof value === "number" ? `,${decimalText(value)}` : ",";
    }
    text += hasCarbon ? `,${factor?.id},${factor?.value},` : ",,,";
    text += `${reading.quality}\n`;
  }
  return Buffer.from(text, "utf8");
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
function isoSeconds(epochSeconds: number): string {
  const day = Math.floor(epochSeconds / 86_400);
  if (day !== dayNumber) {
    dayText = new Date(day * 86_400_000).toISOString().slice(0, 11);
    dayNumber = day;
  }
  const second = epochSeconds - day * 86_400;
  const minute = Math.floor(second / 60);
  return `${dayText}${twoDigits[Math.floor(minute / 60)]}:${twoDigits[minute % 60]}:${twoDigits[second % 60]}Z`;
}
