import { passedIf, type RecordCheck } from "./check";
import { amount, plural } from "./words";

export const hasFigure: RecordCheck = {
  name: "figure",
  label: "Figure",
  isBlocking: true,
  run(input) {
    const { evidence, value } = input;
    return {
      result: passedIf(value !== null),
      figure: value === null ? "none" : amount(input, value),
      threshold: "a figure",
      sentence:
        value === null
          ? `No reading of the period has ${evidence.figures.metric}: there is nothing to issue.`
          : `Sum of ${plural(evidence.coverage.present, "reading")}.`,
    };
  },
};
