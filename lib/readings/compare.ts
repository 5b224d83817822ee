import type { Metric } from "../metrics/registry";
import { addDuration } from "../time";
import type { ExploreBucket } from "./explore";

/**
 * Buckets of an earlier range moved onto the later one, by the calendar: 10:00 stays 10:00 over a change of clocks. Where two
 * fall on one instant (the hour that comes twice, 29 February) the first is kept.
 */
export function movedOnto(buckets: readonly ExploreBucket[], shift: string, zone: string): ExploreBucket[] {
  const move = mover(shift, zone);
  const moved = new Map<string, ExploreBucket>();
  for (const bucket of buckets) {
    const startAt = move(bucket.startAt);
    const endAt = move(bucket.endAt);
    if (!moved.has(startAt) && endAt > startAt) moved.set(startAt, { ...bucket, startAt, endAt });
  }
  return [...moved.values()];
}

const BLOCK_MS = 6 * 3_600_000;

/**
 * Calendar arithmetic on thousands of instants takes tenths of a second: a block of six hours that moves by the same length at
 * both its ends moves by it in between, too.
 */
function mover(shift: string, zone: string): (instant: string) => string {
  const lengths = new Map<number, number>();
  const lengthAt = (at: number) => {
    const known = lengths.get(at) ?? addDuration(new Date(at), shift, zone).getTime() - at;
    lengths.set(at, known);
    return known;
  };
  return (instant) => {
    const at = Date.parse(instant);
    const block = Math.floor(at / BLOCK_MS) * BLOCK_MS;
    const length = lengthAt(block);
    if (length === lengthAt(block + BLOCK_MS)) return new Date(at + length).toISOString();
    return addDuration(new Date(at), shift, zone).toISOString();
  };
}

/** One figure of many values by the metric's own rule: the sum, the mean, the lowest or the highest; null of none. */
export function figureOf(values: readonly number[], aggregate: Metric["aggregate"]): number | null {
  if (values.length === 0) return null;
  if (aggregate === "min") return values.reduce((lowest, value) => Math.min(lowest, value));
  if (aggregate === "max") return values.reduce((highest, value) => Math.max(highest, value));
  const sum = values.reduce((total, value) => total + value, 0);
  return aggregate === "sum" ? sum : sum / values.length;
}

/**
 * How much more, in percent, over the intervals that both have a value for: a gap on one side would look like less energy.
 * Null where nothing can be compared.
 */
export function differenceOf(
  values: ReadonlyMap<string, number>,
  earlier: ReadonlyMap<string, number>,
  aggregate: Metric["aggregate"],
): { percent: number; intervals: number } | null {
  const both = [...values.keys()].filter((start) => earlier.has(start));
  const now = figureOf(
    both.map((start) => values.get(start) ?? 0),
    aggregate,
  );
  const before = figureOf(
    both.map((start) => earlier.get(start) ?? 0),
    aggregate,
  );
  if (now === null || before === null || before === 0) return null;
  return { percent: ((now - before) / Math.abs(before)) * 100, intervals: both.length };
}
