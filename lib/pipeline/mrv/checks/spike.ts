import type { RecordCheck } from "./check";
import { findingsOf, verdictOfFindings } from "./of-findings";

export const spike: RecordCheck = {
  name: "spike",
  label: "Spike",
  isBlocking: false,
  run: (input) =>
    verdictOfFindings(input, findingsOf(input, "spike"), "No reading stands out from the three days around it."),
};
