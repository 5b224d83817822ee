import { type Check, type CheckedReading, powerKw, rangeOf, runsOf } from "../check";
import { inWords } from "../words";

/** What stands by draws the same all night; so small a draw is no sign of a source that repeats itself. */
const STANDBY_KW = 0.05;
/** Two long readings can be equal by chance. */
const FEWEST_READINGS = 4;

export const flatLine: Check = {
  name: "flat-line",
  label: "Flat line",
  meaning: "One and the same value again and again: the source repeats its last value instead of measuring.",
  over: "length",
  run({ readings, thresholds: { flatLineHours } }) {
    const isSame = (reading: CheckedReading, previous: CheckedReading | undefined) =>
      powerKw(reading) > STANDBY_KW && (!previous || previous.energyKwh === reading.energyKwh);
    return runsOf(readings, isSame).flatMap((run) => {
      const range = rangeOf(run);
      const hours = (range.to - range.from) / 3600;
      if (hours < flatLineHours || run.length < FEWEST_READINGS) return [];
      const sentence = `Every reading is ${inWords(run[0]?.energyKwh ?? 0)} kWh.`;
      return [{ ...range, figure: hours, threshold: flatLineHours, unit: "h" as const, sentence }];
    });
  },
};
