import { metrics } from "../metrics/registry";
import { roundTo } from "../units";
import type { Range, Reading } from "./contract";

/** Whether an interval that starts here belongs to the range. */
export function startsInside(startEpochSeconds: number, range: Range): boolean {
  return startEpochSeconds * 1000 >= range.from.getTime() && startEpochSeconds * 1000 < range.to.getTime();
}

/**
 * Sorted by start, one reading per start: what was added later wins. Only starts inside the range are kept. The readings are the caller's own:
 * they are rounded in place, once, because a year of a fleet has tens of millions.
 */
export function collectReadings(readings: Iterable<Reading>, range: Range): Reading[] {
  const collected: Reading[] = [];
  let isInOrder = true;
  let last = Number.NEGATIVE_INFINITY;
  for (const reading of readings) {
    if (!startsInside(reading.startEpochSeconds, range)) continue;
    round(reading);
    isInOrder &&= reading.startEpochSeconds > last;
    last = reading.startEpochSeconds;
    collected.push(reading);
  }
  if (isInOrder) return collected;
  const byStart = new Map(collected.map((reading) => [reading.startEpochSeconds, reading]));
  return [...byStart.values()].sort((a, b) => a.startEpochSeconds - b.startEpochSeconds);
}

const roundings = metrics
  .filter((metric) => metric.name !== "carbonTons")
  .map(({ name, decimals }) => ({ name, decimals }));

/** Every metric to the digits the registry keeps. */
function round(reading: Reading): void {
  for (const { name, decimals } of roundings) {
    const value = reading[name];
    if (typeof value === "number") reading[name] = roundTo(value, decimals);
  }
}
