import { type Check, type CheckedReading, rangeOf, runsOf } from "../check";

/** Zones are whole quarter hours apart, so starts of longer readings are on a quarter hour wherever they come from. */
const LONGEST_MARK_SECONDS = 900;

export const clockDrift: Check = {
  name: "clock-drift",
  label: "Clock drift",
  meaning: "Readings do not begin on their mark: the device's clock runs away. Have it set, or ask the vendor.",
  run({ readings, thresholds }) {
    return runsOf(readings, (reading) => offMark(reading) > thresholds.clockDriftSeconds).map((run) => {
      const figure = Math.max(...run.map(offMark));
      const sentence = `Readings begin up to ${figure} seconds off their mark.`;
      return { ...rangeOf(run), figure, threshold: thresholds.clockDriftSeconds, unit: "s", sentence };
    });
  },
};

function offMark({ startAt, durationSeconds }: CheckedReading): number {
  const mark = Math.min(durationSeconds, LONGEST_MARK_SECONDS);
  const after = startAt % mark;
  return Math.min(after, mark - after);
}
