import { type Check, endOf, rangeOf, runsOf } from "../check";
import { lengthWords, readingsWords } from "../words";

export const futureStamp: Check = {
  name: "future-stamp",
  label: "Future stamp",
  meaning:
    "Readings end after now although they are no forecast: the zone of the stamps or the device's clock is wrong.",
  over: "worst",
  run({ readings, thresholds, now }) {
    const latest = now + thresholds.futureMinutes * 60;
    return runsOf(readings, (reading) => reading.quality !== "forecast" && endOf(reading) > latest).map((run) => {
      const range = rangeOf(run);
      const sentence = `${readingsWords(run.length)}, up to ${lengthWords(range.to - now)} ahead of the clock.`;
      const figure = (range.to - now) / 60;
      return { ...range, figure, threshold: thresholds.futureMinutes, unit: "min", sentence };
    });
  },
};
