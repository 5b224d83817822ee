import { metrics } from "../metrics/registry";
import { roundTo } from "../units";
import type { Range, Reading } from "./contract";

/** Whether an interval that starts here belongs to the range. */
export function startsInside(startEpochSeconds: number, range: Range): boolean {
  return startEpochSeconds * 1000 >= range.from.getTime() && startEpochSeconds * 1000 < range.to.getTime();
}

/**
 * Rounded and sorted by start, one reading per start: what was added later wins. Only starts inside the range are kept. The readings are the
 * caller's own: array and readings are changed in place, because a year of a fleet has tens of millions.
 */
export function collectReadings(readings: Reading[], range: Range): Reading[] {
  for (const reading of readings) round(reading);
  return collectRounded(readings, range);
}

/** `collectReadings` of a parser that has rounded its readings itself, to the digits the registry keeps. */
export function collectRounded(readings: Reading[], range: Range): Reading[] {
  const from = range.from.getTime() / 1000;
  const to = range.to.getTime() / 1000;
  let count = 0;
  let isInOrder = true;
  let last = Number.NEGATIVE_INFINITY;
  for (const reading of readings) {
    const { startEpochSeconds } = reading;
    if (startEpochSeconds < from || startEpochSeconds >= to) continue;
    isInOrder &&= startEpochSeconds > last;
    last = startEpochSeconds;
    readings[count++] = reading;
  }
  readings.length = count;
  if (isInOrder) return readings;
  const byStart = new Map(readings.map((reading) => [reading.startEpochSeconds, reading]));
  return [...byStart.values()].sort((a, b) => a.startEpochSeconds - b.startEpochSeconds);
}

const roundings = metrics
  .filter((metric) => metric.name !== "carbonTons")
  .map(({ name, decimals }) => ({ name, decimals }));

/** Every metric to the digits the registry keeps. Most have no more, and what is not written needs no new number. */
function round(reading: Reading): void {
  for (const { name, decimals } of roundings) {
    const value = reading[name];
    if (typeof value !== "number") continue;
    const rounded = roundTo(value, decimals);
    if (!Object.is(rounded, value)) reading[name] = rounded;
  }
}
