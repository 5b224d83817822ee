import { parseAsArrayOf, parseAsBoolean, parseAsInteger, parseAsString, parseAsStringLiteral } from "nuqs/server";
import { metricNames } from "@/lib/metrics/registry";
import { comparisons, presets } from "@/lib/readings/explore-ranges";
import { granularities } from "@/lib/readings/granularities";

export const MOST_METERS = 6;

/** What the explorer shows, as it stands in the address; the server reads it again on every change. */
export const exploreQuery = {
  meters: parseAsArrayOf(parseAsString),
  metric: parseAsArrayOf(parseAsStringLiteral(metricNames)).withDefault(["eRealKwh"]),
  range: parseAsStringLiteral(presets).withDefault("P7D"),
  /** Civil days of the site or instants; they win over `range`. */
  from: parseAsString,
  to: parseAsString,
  by: parseAsStringLiteral(granularities),
  compare: parseAsStringLiteral(comparisons),
  estimates: parseAsBoolean.withDefault(true),
};

/** How it is looked at; these stay in the browser. */
export const viewQuery = {
  /** Start of the chosen interval, and whether its sources are open beside it. */
  at: parseAsString,
  sources: parseAsBoolean.withDefault(false),
  /** The meter whose sources are shown; the first one by default. */
  of: parseAsString,
  page: parseAsInteger.withDefault(1),
  oldest: parseAsBoolean.withDefault(false),
  /** Ids of series that are switched off in the legend. */
  off: parseAsArrayOf(parseAsString).withDefault([]),
};
