import { type Check, inWords, rangeOf, runsOf } from "../check";

export const zeroRun: Check = {
  name: "zero-run",
  label: "Zero run",
  meaning:
    "Nothing but zero for long: the plant is off, a fuse is out or a sensor is unplugged. Zero is not the same as missing.",
  run({ readings, thresholds }) {
    return runsOf(readings, ({ energyKwh }) => energyKwh === 0).flatMap((run) => {
      const range = rangeOf(run);
      const hours = (range.to - range.from) / 3600;
      if (hours < thresholds.zeroRunHours) return [];
      const sentence = `Every reading is zero for ${inWords(hours)} hours.`;
      return [{ ...range, figure: hours, threshold: thresholds.zeroRunHours, unit: "h" as const, sentence }];
    });
  },
};
