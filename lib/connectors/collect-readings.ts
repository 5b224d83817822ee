import { metrics } from "../metrics/registry";
import { roundTo } from "../units";
import type { Range, Reading } from "./contract";

/** Whether an interval that starts here belongs to the range. */
export function startsInside(startEpochSeconds: number, range: Range): boolean {
  return startEpochSeconds * 1000 >= range.from.getTime() && startEpochSeconds * 1000 < range.to.getTime();
}

/** Sorted by start, one reading per start: what was added later wins. Only starts inside the range are kept. */
export function collectReadings(readings: Iterable<Reading>, range: Range): Reading[] {
  const byStart = new Map<number, Reading>();
  for (const reading of readings) {
    if (startsInside(reading.startEpochSeconds, range)) byStart.set(reading.startEpochSeconds, rounded(reading));
  }
  return [...byStart.values()].sort((a, b) => a.startEpochSeconds - b.startEpochSeconds);
}

const roundings = metrics
  .filter((metric) => metric.name !== "carbonTons")
  .map(({ name, decimals }) => ({ name, decimals }));

/** Every metric rounded once, to the digits the registry keeps. */
function rounded(reading: Reading): Reading {
  const result: Reading = { ...reading };
  for (const { name, decimals } of roundings) {
    const value = result[name];
    if (typeof value === "number") result[name] = roundTo(value, decimals);
  }
  return result;
}
