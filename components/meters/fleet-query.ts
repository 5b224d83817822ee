import { parseAsArrayOf, parseAsBoolean, parseAsInteger, parseAsString, parseAsStringLiteral } from "nuqs/server";
import { fleetSorts } from "@/lib/fleet/fleet-row";
import { meterStates } from "@/lib/fleet/meter-states";

/** Everything the meters page shows is in these fields of its address. */
export const fleetQuery = {
  q: parseAsString.withDefault(""),
  type: parseAsString,
  state: parseAsArrayOf(parseAsStringLiteral(meterStates)).withDefault([]),
  region: parseAsString,
  findings: parseAsBoolean.withDefault(false),
  sort: parseAsStringLiteral(fleetSorts).withDefault("name"),
  dir: parseAsStringLiteral(["asc", "desc"]).withDefault("asc"),
  page: parseAsInteger.withDefault(1),
};

export const troubleStates = ["failed", "waiting", "late"] as const;

/** What a view keeps: filters and order, not the page. Two addresses of one view give the same text. */
export function viewOf(params: URLSearchParams): string {
  const kept = [...params].filter(([key, value]) => key in fleetQuery && key !== "page" && value !== "");
  return new URLSearchParams(kept.sort(([a], [b]) => a.localeCompare(b))).toString();
}

export interface SavedView {
  name: string;
  /** As `viewOf` gives it. */
  query: string;
}

const MOST_VIEWS = 8;

/** A cookie is anybody's text: what is no list of views is none. */
export function parseViews(text: string | undefined): SavedView[] {
  if (!text) return [];
  try {
    const list: unknown = JSON.parse(text);
    if (!Array.isArray(list)) return [];
    return list
      .filter((view): view is SavedView => typeof view?.name === "string" && typeof view?.query === "string")
      .map(({ name, query }) => ({ name: name.slice(0, 40), query: viewOf(new URLSearchParams(query)) }))
      .slice(0, MOST_VIEWS);
  } catch {
    return [];
  }
}
