import { counts } from "../../../mrv/evidence/figures";
import { notApplicable, passedIf, type RecordCheck } from "./check";
import { amount, plural } from "./words";

export const negative: RecordCheck = {
  name: "negative",
  label: "Negative",
  isBlocking: false,
  run(input) {
    const { metric } = input.evidence.figures;
    const { flow, thresholds } = input.meter;
    const isOneWay = flow === "generation" || flow === "load";
    if (metric === "eReactiveKvarh" || (metric === "eRealKwh" && !isOneWay)) {
      return notApplicable("This figure may have either sign at this meter.");
    }
    const values = input.readings.filter(counts).map(({ value }) => Number(value));
    const most = thresholds.negativeKwh;
    const below = values.filter((value) => value < -most);
    const lowest = values.reduce((least, value) => Math.min(least, value), 0);
    return {
      result: passedIf(below.length === 0),
      figure: amount(input, lowest),
      threshold: `at least ${amount(input, most === 0 ? 0 : -most)}`,
      sentence:
        below.length === 0
          ? "No reading is below zero by more than a sensor may be."
          : `${plural(below.length, "reading")} below zero. A sensor may be mounted the other way round.`,
    };
  },
};
