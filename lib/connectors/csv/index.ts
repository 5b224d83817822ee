import type { Connector } from "../contract";
import { parseCsv } from "./parse";
import { type CsvSettings, csvSettings } from "./settings";
import { csvMetrics } from "./units";

/** Tables of any maker, from a bucket: the settings say which column is what. */
export const csv: Connector<CsvSettings> = {
  type: "CSV",
  label: "CSV files",
  sourceTypes: ["S3"],
  settingsSchema: csvSettings,
  metrics: csvMetrics,
  // The usual length of loggers; a file's rows or the settings say how long an interval is.
  resolution: "PT5M",
  defaultTaskInterval: "P1D",
  // Portals export a day in the course of the next one.
  availabilityLag: "P1D",
  // Nobody says how long a table may still change; a month covers what a person corrects before the next bill.
  restatementWindow: "P31D",
  flow: ({ values }) => {
    const has = (metric: string) => values.some((value) => value.metric === metric);
    if (has("eRealPositiveKwh") && has("eRealNegativeKwh")) return "both";
    return has("eRealNegativeKwh") && !has("eRealKwh") ? "feed-in" : undefined;
  },
  parse: parseCsv,
};
