import { type Check, type CheckedReading, endOf, nearby, refusedOf } from "../check";
import { readingsWords } from "../words";

export const duplicate: Check = {
  name: "duplicate",
  label: "Duplicate",
  meaning:
    "The source sent one interval more than once with different values, or two that overlap. The later row was used: see the task's rejects.",
  over: "worst",
  run(input) {
    const twice = refusedOf(
      input,
      "duplicate",
      (count, reason) => `${readingsWords(count)} sent more than once. ${reason}`,
    );
    const overlapping = nearby(
      overlapsOf(input.readings),
      ({ from }) => from,
      ({ to }) => to,
    ).map((cluster) => ({
      from: cluster[0]?.from ?? 0,
      to: cluster.at(-1)?.to ?? 0,
      figure: cluster.length,
      threshold: 0,
      unit: "rows" as const,
      sentence: `${readingsWords(cluster.length)} before the one before has ended: that energy is counted twice.`,
    }));
    return [...twice, ...overlapping];
  },
};

function overlapsOf(readings: readonly CheckedReading[]): { from: number; to: number }[] {
  let end = Number.NEGATIVE_INFINITY;
  return readings.flatMap((reading) => {
    const overlap = { from: reading.startAt, to: Math.min(end, endOf(reading)) };
    end = Math.max(end, endOf(reading));
    return overlap.to > overlap.from ? [overlap] : [];
  });
}
