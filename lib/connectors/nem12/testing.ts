import { type Listed, listed } from "../listed-for-tests";
import { rawInput } from "../raw-inputs";
import { parseNem12 } from "./parse";
import { nem12Settings } from "./settings";

/** Builders of NEM12 text for tests. */

export const HEADER = "100,NEM12,202611010900,MDP1,RETAIL1";
export const END = "900";

interface StreamFields {
  nmi?: string;
  configuration?: string;
  suffix?: string;
  unit?: string;
  minutes?: number;
}

export function stream({
  nmi = "6203778594",
  suffix = "E1",
  configuration = suffix,
  unit = "kWh",
  minutes = 30,
}: StreamFields = {}) {
  return `200,${nmi},${configuration},1,${suffix},N1,SER123,${unit},${minutes},`;
}

interface DayFields {
  date?: string;
  /** One for all intervals, or each. */
  values?: string | number | readonly (string | number)[];
  count?: number;
  quality?: string;
  reason?: string;
  updatedAt?: string;
}

export function day({
  date = "20261101",
  values = 1,
  count = 48,
  quality = "A",
  reason = "",
  updatedAt = "20261102080000",
}: DayFields = {}) {
  const list = Array.isArray(values) ? values : new Array<string | number>(count).fill(values as string | number);
  return ["300", date, ...list, quality, reason, "", updatedAt, ""].join(",");
}

/** What a reject of a day says of its time. */
export function ofDay(date: string) {
  const midnight = `${date.slice(0, 4)}-${date.slice(4, 6)}-${date.slice(6)}T00:00:00+10:00`;
  return { startEpochSeconds: Date.parse(midnight) / 1000, durationSeconds: 86_400 };
}

export function file(...lines: string[]): string {
  return `${[HEADER, ...lines, END].join("\r\n")}\r\n`;
}

/** Parses files in order; the range is November 2026 in AEST unless told. */
export function parseFiles(
  contents: string | readonly string[],
  settings: unknown = {},
  range = { from: new Date("2026-10-31T14:00:00Z"), to: new Date("2026-11-30T14:00:00Z") },
): Promise<Listed> {
  const inputs = [contents].flat().map((content, index) => rawInput(`file-${index + 1}.csv`, content, "text/csv"));
  return listed(
    parseNem12(inputs, {
      settings: nem12Settings.parse(settings),
      dataSource: "bucket",
      dataSourceType: "S3",
      timezone: "Australia/Sydney",
      range,
    }),
  );
}
