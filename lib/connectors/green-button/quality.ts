import type { Quality } from "../../metrics/registry";

/**
 * ESPI QualityOfReading to ours. Whatever was not measured, or is in doubt, is never actual: 10 questionable, 11 derived, 13 mixed,
 * 15 normalised for weather and 16 other count as estimated.
 */
const QUALITIES = new Map<string, Quality>([
  ["0", "actual"],
  ["7", "substituted"],
  ["8", "estimated"],
  ["9", "estimated"],
  ["10", "estimated"],
  ["11", "estimated"],
  ["12", "forecast"],
  ["13", "estimated"],
  ["14", "actual"],
  ["15", "estimated"],
  ["16", "estimated"],
  ["17", "actual"],
  ["18", "actual"],
  ["19", "actual"],
  // No codes of the standard: what exports write that have their unit in the block, too.
  ["ACTUAL", "actual"],
  ["ESTIMATED", "estimated"],
]);

/** Undefined for a code the standard does not have. */
export function qualityOf(code: string): Quality | undefined {
  return QUALITIES.get(code);
}
