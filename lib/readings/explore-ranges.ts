import type { Granularity } from "./granularities";

/** Ranges the explorer offers, and the granularity each begins with. */
export const ranges = ["P1D", "P7D", "P30D", "P365D"] as const;
export type ExploreRange = (typeof ranges)[number];

export const defaultGranularity: Record<ExploreRange, Granularity> = {
  P1D: "raw",
  P7D: "PT1H",
  P30D: "PT1H",
  P365D: "P1D",
};

export interface ExploreBucket {
  startAt: string;
  endAt: string;
  /** Null: no reading says so. */
  value: number | null;
  isEstimated: boolean;
  isRestated: boolean;
  coverage: number | null;
  taskId: string | null;
}
