import { metrics } from "../metrics/registry";
import { roundTo } from "../units";
import type { Range, Reading } from "./contract";

/** Whether an interval that starts here belongs to the range. */
export function startsInside(startEpochSeconds: number, range: Range): boolean {
  return startEpochSeconds * 1000 >= range.from.getTime() && startEpochSeconds * 1000 < range.to.getTime();
}

/**
 * Sorted by start, one reading per start: what was added later wins. Only starts inside the range are kept. The readings are
 * rounded in place: a copy of each would double what a backfill makes and throws away.
 */
export function collectReadings(readings: Iterable<Reading>, range: Range): Reading[] {
  const byStart = new Map<number, Reading>();
  for (const reading of readings) {
    if (startsInside(reading.startEpochSeconds, range)) byStart.set(reading.startEpochSeconds, reading);
  }
  const collected = [...byStart.values()].sort((a, b) => a.startEpochSeconds - b.startEpochSeconds);
  collected.forEach(round);
  return collected;
}

const roundings = metrics
  .filter((metric) => metric.name !== "carbonTons")
  .map(({ name, decimals }) => ({ name, decimals }));

/** Every metric rounded once, to the digits the registry keeps. */
function round(reading: Reading): void {
  for (const { name, decimals } of roundings) {
    const value = reading[name];
    if (typeof value === "number") reading[name] = roundTo(value, decimals);
  }
}
