import { type Check, rangeOf, runsOf } from "../check";

export const intervalLength: Check = {
  name: "interval-length",
  label: "Interval length",
  meaning:
    "Readings have another length than the others around them: the source's granularity changed, or files are mixed.",
  run({ readings }) {
    const usual = usualLength(readings.map(({ durationSeconds }) => durationSeconds));
    return runsOf(
      readings,
      (reading, previous) =>
        reading.durationSeconds !== usual && (!previous || previous.durationSeconds === reading.durationSeconds),
    ).map((run) => {
      const figure = run[0]?.durationSeconds ?? 0;
      const sentence = `Readings last ${figure} seconds here and ${usual} seconds around.`;
      return { ...rangeOf(run), figure, threshold: usual, unit: "s", sentence };
    });
  },
};

/** The most frequent; of two equally frequent ones the shorter. */
function usualLength(lengths: readonly number[]): number {
  const counts = new Map<number, number>();
  for (const length of lengths) counts.set(length, (counts.get(length) ?? 0) + 1);
  return [...counts].sort(([a, countA], [b, countB]) => countB - countA || a - b)[0]?.[0] ?? 0;
}
