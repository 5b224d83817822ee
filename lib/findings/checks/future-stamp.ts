import { type Check, endOf, inWords, rangeOf, runsOf } from "../check";

export const futureStamp: Check = {
  name: "future-stamp",
  label: "Future stamp",
  meaning:
    "Readings end after now although they are no forecast: the zone of the stamps or the device's clock is wrong.",
  run({ readings, thresholds, now }) {
    const latest = now + thresholds.futureMinutes * 60;
    return runsOf(readings, (reading) => reading.quality !== "forecast" && endOf(reading) > latest).map((run) => {
      const range = rangeOf(run);
      const minutes = (range.to - now) / 60;
      const sentence = `The newest of these readings ends ${inWords(minutes)} minutes from now.`;
      return { ...range, figure: minutes, threshold: thresholds.futureMinutes, unit: "min", sentence };
    });
  },
};
