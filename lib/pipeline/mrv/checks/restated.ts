import { figuresOf } from "../../../mrv/evidence/figures";
import { passedIf, type RecordCheck } from "./check";
import { amount } from "./words";

export const restated: RecordCheck = {
  name: "restated",
  label: "Unchanged since extraction",
  // The figures are not what the readings say: another record is made by itself.
  isBlocking: true,
  run(input) {
    const { evidence, rowsSha256, readings } = input;
    const holds = rowsSha256 === evidence.readings.sha256;
    const now = holds ? null : figuresOf(readings).value;
    const said = now === null ? "no figure" : amount(input, Number(now));
    return {
      result: passedIf(holds),
      figure: holds ? "unchanged" : "changed",
      threshold: "unchanged",
      sentence: holds
        ? "The readings are those of the evidence."
        : `Readings changed after they were summed; they give ${said} now. The record is made again by itself.`,
    };
  },
};
