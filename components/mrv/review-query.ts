import { parseAsString, parseAsStringLiteral } from "nuqs/server";

/** What the review page shows, as its address says it. */
export const reviewQuery = {
  record: parseAsString,
  show: parseAsStringLiteral(["all", "passed", "failed"]).withDefault("all"),
  device: parseAsString,
  meter: parseAsString,
  q: parseAsString.withDefault(""),
};

export interface ReviewFilter {
  show: "all" | "passed" | "failed";
  device: string | null;
  meter: string | null;
  q: string;
}

/** The address of a record in the queue, with the filter that it stands in; without a record, of the queue's first. */
export function reviewHref(filter: ReviewFilter, recordId: string | null): string {
  const params = new URLSearchParams({
    ...(recordId && { record: recordId }),
    ...(filter.show !== "all" && { show: filter.show }),
    ...(filter.device && { device: filter.device }),
    ...(filter.meter && { meter: filter.meter }),
    ...(filter.q && { q: filter.q }),
  });
  return params.size === 0 ? "/mrv/review" : `/mrv/review?${params}`;
}
