import type { Quality } from "../metrics/registry";

const FROM_BEST_TO_WORST: readonly Quality[] = ["actual", "final_substituted", "substituted", "estimated", "forecast"];

/** Of several parts the worst decides: what will still change is worse than what is final. */
export function worst(qualities: readonly Quality[]): Quality {
  return qualities.reduce(worse);
}

export function worse(a: Quality, b: Quality): Quality {
  if (a === b) return a;
  return FROM_BEST_TO_WORST.indexOf(b) > FROM_BEST_TO_WORST.indexOf(a) ? b : a;
}
