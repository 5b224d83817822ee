import { powerKw, rangeOf, runsOf } from "../../../findings/check";
import { lengthWords } from "../../../findings/words";
import { passedIf, type RecordCheck } from "./check";
import { findingsOf, sentenceOf } from "./of-findings";
import { when } from "./words";

/** What stands by draws the same all night. */
const STANDBY_KW = 0.05;

export const flatLine: RecordCheck = {
  name: "flat-line",
  label: "Flat line",
  isBlocking: false,
  run(input) {
    const runs = runsOf(
      input.readings,
      (reading, previous) => powerKw(reading) > STANDBY_KW && (!previous || previous.energyKwh === reading.energyKwh),
    ).map(rangeOf);
    const longest = runs.reduce((best, run) => (run.to - run.from > best.to - best.from ? run : best), {
      from: 0,
      to: 0,
    });
    const hours = input.meter.thresholds.flatLineHours;
    // The finding sees a run that began the day before; it alone decides, by as many readings as it needs.
    const found = findingsOf(input, "flat-line");
    return {
      result: passedIf(found.length === 0),
      figure: longest.to === longest.from ? "none" : lengthWords(longest.to - longest.from),
      threshold: `less than ${lengthWords(hours * 3600)}`,
      sentence:
        found.length > 0
          ? sentenceOf(input, found)
          : longest.to === longest.from
            ? "No reading above stand-by repeats the one before."
            : `Longest run of one value, from ${when(longest.from, input.timezone)}.`,
    };
  },
};
