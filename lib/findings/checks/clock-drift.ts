import { type Check, type CheckedReading, clustersOf, rangeOf, refusedOf, worstOf } from "../check";
import { readingsWords } from "../words";

/** Zones are whole quarter hours apart, so starts of longer readings are on a quarter hour wherever they come from. */
const LONGEST_MARK_SECONDS = 900;

export const clockDrift: Check = {
  name: "clock-drift",
  label: "Clock drift",
  meaning: "Readings do not begin on their mark: the device's clock runs away. Have it set, or ask the vendor.",
  over: "worst",
  run(input) {
    const { clockDriftSeconds } = input.thresholds;
    const stored = clustersOf(input.readings, (reading) => offMark(reading) > clockDriftSeconds).map((cluster) => {
      const figure = offMark(worstOf(cluster, offMark));
      const sentence = `${readingsWords(cluster.length)}, up to ${figure} s off their mark.`;
      return { ...rangeOf(cluster), figure, threshold: clockDriftSeconds, unit: "s" as const, sentence };
    });
    return [
      ...refusedOf(input, "clock-drift", (count, reason) => `${readingsWords(count)} refused. ${reason}`),
      ...stored,
    ];
  },
};

function offMark({ startAt, durationSeconds }: CheckedReading): number {
  const mark = greatestCommonDivisor(durationSeconds, LONGEST_MARK_SECONDS);
  const after = startAt % mark;
  return Math.min(after, mark - after);
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
