import { counts } from "../../../mrv/evidence/figures";
import { passedIf, type RecordCheck } from "./check";
import { counted, plural, some, when } from "./words";

export const noOverlapOfReadings: RecordCheck = {
  name: "readings-apart",
  label: "Readings do not overlap",
  // The same minutes would be summed twice.
  isBlocking: true,
  run({ readings, timezone }) {
    const overlapping: number[] = [];
    let end = Number.NEGATIVE_INFINITY;
    for (const { startAt, durationSeconds } of readings.filter(counts)) {
      if (startAt < end) overlapping.push(startAt);
      end = Math.max(end, startAt + durationSeconds);
    }
    const starts = overlapping.map((startAt) => when(startAt, timezone));
    return {
      result: passedIf(overlapping.length === 0),
      figure: counted(overlapping.length),
      threshold: "none",
      sentence:
        overlapping.length === 0
          ? "Each begins where the one before it has ended, or later."
          : `${plural(overlapping.length, "start")} before the end of the reading before: ${some(starts)}. Two sources may fill one meter.`,
    };
  },
};
