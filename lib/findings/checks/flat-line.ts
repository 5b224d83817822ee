import { type Check, inWords, rangeOf, runsOf } from "../check";

export const flatLine: Check = {
  name: "flat-line",
  label: "Flat line",
  meaning: "One and the same value again and again: the source repeats its last value instead of measuring.",
  run({ readings, thresholds }) {
    return runsOf(
      readings,
      (reading, previous) =>
        reading.energyKwh !== null &&
        reading.energyKwh !== 0 &&
        (!previous || previous.energyKwh === reading.energyKwh),
    ).flatMap((run) => {
      const range = rangeOf(run);
      const hours = (range.to - range.from) / 3600;
      // Two long readings can be equal by chance.
      if (hours < thresholds.flatLineHours || run.length < 4) return [];
      const sentence = `Every reading is ${inWords(run[0]?.energyKwh ?? 0)} kWh for ${inWords(hours)} hours.`;
      return [{ ...range, figure: hours, threshold: thresholds.flatLineHours, unit: "h" as const, sentence }];
    });
  },
};
