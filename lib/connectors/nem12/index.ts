import type { Connector } from "../contract";
import { parseNem12 } from "./parse";
import { type Nem12Settings, nem12Settings } from "./settings";

/** Interval meter data files of the Australian market, from a bucket. */
export const nem12: Connector<Nem12Settings> = {
  type: "NEM12",
  label: "NEM12 files",
  sourceTypes: ["S3"],
  settingsSchema: nem12Settings,
  metrics: ["eRealKwh", "eRealPositiveKwh", "eRealNegativeKwh", "eReactiveKvarh"],
  // Since the five-minute settlement the usual length; a file's 200 records say 5, 10, 15 or 30 for each stream.
  resolution: "PT5M",
  defaultTaskInterval: "P1D",
  // Meter data providers deliver a day's data in the course of the next one.
  availabilityLag: "P1D",
  // Substituted data is replaced until the final settlement revision, about 30 weeks after the day.
  restatementWindow: "P210D",
  // Without suffixes the file decides, which may have either side or both.
  flow: ({ suffixes = [] }) => {
    const sides = new Set(suffixes.map(([side]) => side).filter((side) => side === "E" || side === "B"));
    if (sides.size !== 1) return "both";
    return sides.has("E") ? "load" : "feed-in";
  },
  parse: parseNem12,
};
