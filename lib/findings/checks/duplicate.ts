import { type Check, endOf, type Found } from "../check";

/** How parsers say that an interval was there twice. */
const TWICE = /\b(comes again|is there again|twice|repeated)\b/i;

export const duplicate: Check = {
  name: "duplicate",
  label: "Duplicate",
  meaning:
    "The source sent one interval more than once, or two that overlap. The later row was used: see the task's rejects.",
  run({ readings, rejects }) {
    const found: Found[] = rejects
      .filter(({ reason }) => TWICE.test(reason))
      .map(({ from, to, reason }) => ({ from, to, figure: 1, threshold: 0, unit: "rows" as const, sentence: reason }));
    let end = Number.NEGATIVE_INFINITY;
    for (const reading of readings) {
      if (reading.startAt < end) {
        const sentence = "This reading begins before the one before it has ended: their energy is counted twice.";
        const to = Math.min(end, endOf(reading));
        found.push({ from: reading.startAt, to, figure: 1, threshold: 0, unit: "rows", sentence });
      }
      end = Math.max(end, endOf(reading));
    }
    return found;
  },
};
