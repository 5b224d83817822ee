import { type Check, rangeOf, runsOf } from "../check";

export const zeroRun: Check = {
  name: "zero-run",
  label: "Zero run",
  meaning:
    "Nothing but zero for long: the plant is off, a fuse is out or a sensor is unplugged. Zero is not the same as missing.",
  over: "length",
  run({ readings, thresholds: { zeroRunHours }, flow }) {
    // A site that uses all it makes sends nothing for weeks.
    if (flow === "feed-in") return [];
    return runsOf(readings, ({ energyKwh }) => energyKwh === 0).flatMap((run) => {
      const range = rangeOf(run);
      const hours = (range.to - range.from) / 3600;
      if (hours < zeroRunHours) return [];
      const sentence = "Every reading is zero.";
      return [{ ...range, figure: hours, threshold: zeroRunHours, unit: "h" as const, sentence }];
    });
  },
};
