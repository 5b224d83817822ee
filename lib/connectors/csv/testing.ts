import { type Listed, listed } from "../listed-for-tests";
import { rawInput } from "../raw-inputs";
import { parseCsv } from "./parse";
import { csvSettings } from "./settings";

/** Settings of the tests' usual file: `time,kWh`. */
export function settings(changes: Readonly<Record<string, unknown>> = {}) {
  return csvSettings.parse({
    stampColumn: "time",
    timezone: "UTC",
    values: [{ column: "kWh", metric: "eRealKwh", unit: "kWh" }],
    ...changes,
  });
}

/** Parses files in order; the range is the years 2026 and 2027 in UTC. */
export function parseFiles(
  contents: string | Uint8Array | readonly string[],
  changes: Readonly<Record<string, unknown>> = {},
  range = { from: new Date("2026-01-01T00:00:00Z"), to: new Date("2028-01-01T00:00:00Z") },
): Promise<Listed> {
  const files = typeof contents === "string" || contents instanceof Uint8Array ? [contents] : contents;
  return listed(
    parseCsv(
      files.map((content, index) => rawInput(`file-${index + 1}.csv`, content, "text/csv")),
      { settings: settings(changes), dataSource: "bucket", dataSourceType: "S3", timezone: "Australia/Sydney", range },
    ),
  );
}

/** A table of rows under `time,kWh`. */
export function table(...rows: string[]): string {
  return `${["time,kWh", ...rows].join("\n")}\n`;
}

export const isoOf = (seconds: number | undefined) => new Date((seconds ?? Number.NaN) * 1000).toISOString();
