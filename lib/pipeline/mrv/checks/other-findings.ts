import type { RecordCheck } from "./check";
import { findingsOf, verdictOfFindings } from "./of-findings";

/** Those that no other check of records looks at by itself. */
const names = [
  "duplicate",
  "interval-length",
  "future-stamp",
  "zero-run",
  "channel-sum",
  "unit-mismatch",
  "clock-drift",
];

export const otherFindings: RecordCheck = {
  name: "other-findings",
  label: "Other findings",
  isBlocking: false,
  run: (input) => verdictOfFindings(input, findingsOf(input, ...names), "Nothing else was found in these readings."),
};
