import type { StaleGroup } from "./stale-rows";

/**
 * MRV records that use one of these rows, to be shown before they are flagged as restated. There is no table of records in
 * this release, so nothing can use a row: the count is part of the plan, its token and the screen already.
 */
export function countAffectedRecords(_groups: readonly StaleGroup[]): number {
  return 0;
}
