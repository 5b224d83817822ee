import type { Quality } from "../metrics/registry";

const FROM_BEST_TO_WORST: readonly Quality[] = ["actual", "final_substituted", "substituted", "estimated", "forecast"];

/** Of several parts the worst decides: what will still change is worse than what is final. */
export function worst(qualities: readonly Quality[]): Quality {
  return qualities.reduce(worse);
}

function worse(a: Quality, b: Quality): Quality {
  if (a === b) return a;
  return FROM_BEST_TO_WORST.indexOf(b) > FROM_BEST_TO_WORST.indexOf(a) ? b : a;
}

/** A quality as a number from 1, the worse the larger; 0 for none. */
export function rankOf(quality: Quality | undefined): number {
  return quality === undefined ? 0 : FROM_BEST_TO_WORST.indexOf(quality) + 1;
}

/** The quality of a rank; undefined for 0. */
export function qualityOfRank(rank: number): Quality | undefined {
  return FROM_BEST_TO_WORST[rank - 1];
}
