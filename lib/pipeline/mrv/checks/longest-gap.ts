import { notApplicable, passedIf, type RecordCheck } from "./check";
import { decimal } from "./words";

export const longestGap: RecordCheck = {
  name: "longest-gap",
  label: "Longest gap",
  isBlocking: false,
  run({ evidence, settings }) {
    const minutes = evidence.coverage.longestGapMinutes;
    const figure = `${decimal(minutes)} min`;
    const most = settings.MRV_MAX_GAP_MINUTES;
    if (most === undefined) return notApplicable("No longest gap is set: coverage alone decides.", figure);
    return {
      result: passedIf(minutes <= most),
      figure,
      threshold: `at most ${decimal(most)} min`,
      sentence: minutes === 0 ? "No interval is missing." : "The longest stretch without a reading.",
    };
  },
};
