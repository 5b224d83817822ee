import { metrics } from "../metrics/registry";
import { roundTo } from "../units";
import type { Range, Reading, SourceMetric } from "./contract";
import { Readings } from "./readings";
import { rankOf } from "./worst-quality";

/** Whether an interval that starts here belongs to the range. */
export function startsInside(startEpochSeconds: number, range: Range): boolean {
  return startEpochSeconds * 1000 >= range.from.getTime() && startEpochSeconds * 1000 < range.to.getTime();
}

/**
 * Readings that a parser made one by one as columns: rounded and sorted by start, one reading per start (what was added later wins). Only starts
 * inside the range are kept. The array is the caller's own, and changed in place.
 */
export function collectReadings(readings: Reading[], range: Range): Readings {
  const kept = inOrder(readings, range);
  const values = new Map<SourceMetric, Float64Array>();
  for (const { name, decimals } of roundings) {
    const column = columnOf(kept, name, decimals);
    if (column) values.set(name, column);
  }
  return new Readings(
    kept.length,
    Float64Array.from(kept, ({ startEpochSeconds }) => startEpochSeconds),
    Float64Array.from(kept, ({ durationSeconds }) => durationSeconds),
    Uint8Array.from(kept, ({ quality }) => rankOf(quality)),
    values,
  );
}

function inOrder(readings: Reading[], range: Range): Reading[] {
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

const roundings = metrics.flatMap(({ name, decimals }) => (name === "carbonTons" ? [] : { name, decimals }));

/** One metric to the digits the registry keeps; undefined where no reading has it. */
function columnOf(readings: readonly Reading[], name: SourceMetric, decimals: number): Float64Array | undefined {
  let column: Float64Array | undefined;
  for (let index = 0; index < readings.length; index++) {
    const value = readings[index]?.[name];
    if (value === undefined) continue;
    column ??= new Float64Array(readings.length).fill(Number.NaN);
    if (value !== null) column[index] = roundTo(value, decimals);
  }
  return column;
}
