import { parseAsArrayOf, parseAsBoolean, parseAsString, parseAsStringLiteral } from "nuqs/server";
import { recordStatuses } from "@/lib/mrv/statuses";

/** Everything the records page shows is in these fields of its address. */
export const recordsQuery = {
  status: parseAsArrayOf(parseAsStringLiteral(recordStatuses)).withDefault([]),
  q: parseAsString.withDefault(""),
  meter: parseAsString,
  device: parseAsString,
  job: parseAsString,
  restated: parseAsBoolean,
  /** A person has acknowledged the restatement. */
  acknowledged: parseAsBoolean,
  replaced: parseAsBoolean,
  /** Civil days of the site: periods that start in them. */
  from: parseAsString,
  to: parseAsString,
  cursor: parseAsString,
};

/** What narrows the list besides the status; the rest pages it. */
export const recordFilterKeys = [
  "q",
  "meter",
  "device",
  "job",
  "restated",
  "acknowledged",
  "replaced",
  "from",
  "to",
] as const;

type Query = { [Key in keyof typeof recordsQuery]: unknown };

/** The address of the list with these filters. */
export function recordsHref(query: Partial<Query>): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    const text = Array.isArray(value) ? value.join(",") : value === null || value === undefined ? "" : String(value);
    if (text !== "") params.set(name, text);
  }
  return params.size === 0 ? "/mrv/records" : `/mrv/records?${params}`;
}
