import { type Check, rangeOf, refusedOf, runsOf } from "../check";
import { readingsWords } from "../words";

export const intervalLength: Check = {
  name: "interval-length",
  label: "Interval length",
  meaning:
    "Readings have another length than the others around them: the source's granularity changed for a while, or files are mixed.",
  over: "worst",
  run(input) {
    const { readings } = input;
    const usual = usualLength(readings.map(({ durationSeconds }) => durationSeconds));
    const ordinary = readings.filter(({ durationSeconds }) => durationSeconds === usual);
    const [first] = ordinary;
    const last = ordinary.at(-1);
    const odd = runsOf(
      readings,
      (reading, previous) =>
        reading.durationSeconds !== usual && (!previous || previous.durationSeconds === reading.durationSeconds),
    )
      // What all before or all after is like, too, is a change for good, which files of utilities go through.
      .filter((run) => first && last && rangeOf(run).from > first.startAt && rangeOf(run).to <= last.startAt)
      .map((run) => {
        const figure = run[0]?.durationSeconds ?? 0;
        const sentence = `${readingsWords(run.length)} of ${figure} s, where those around last ${usual} s.`;
        return { ...rangeOf(run), figure, threshold: usual, unit: "s" as const, sentence };
      });
    return [
      ...refusedOf(input, "interval-length", (count, reason) => `${readingsWords(count)} refused. ${reason}`),
      ...odd,
    ];
  },
};

/** The most frequent; of two equally frequent ones the shorter. */
function usualLength(lengths: readonly number[]): number {
  const counts = new Map<number, number>();
  for (const length of lengths) counts.set(length, (counts.get(length) ?? 0) + 1);
  return [...counts].sort(([a, countA], [b, countB]) => countB - countA || a - b)[0]?.[0] ?? 0;
}
