import { counts } from "../../../mrv/evidence/figures";
import { kwToKwh } from "../../../units";
import { boundKw, capacityFactor } from "./capacity";
import { notApplicable, passedIf, type RecordCheck } from "./check";
import { amount, decimal, lengthOf, when } from "./words";

export const nameplate: RecordCheck = {
  name: "nameplate",
  label: "Above nameplate",
  isBlocking: false,
  run(input) {
    const capacityKw = boundKw(input);
    if (capacityKw === null) return notApplicable("No capacity bounds what one interval can hold.");
    const factor = capacityFactor(input);
    let highest: { kwh: number; limit: number; startAt: number; durationSeconds: number } | undefined;
    for (const reading of input.readings) {
      if (!counts(reading)) continue;
      const { startAt, durationSeconds } = reading;
      const kwh = Math.abs(Number(reading.value));
      const limit = kwToKwh(capacityKw * factor, durationSeconds);
      if (!highest || kwh / limit > highest.kwh / highest.limit) highest = { kwh, limit, startAt, durationSeconds };
    }
    if (!highest) return notApplicable("There is no reading to hold against the capacity.");
    const { kwh, limit, startAt, durationSeconds } = highest;
    return {
      result: passedIf(kwh <= limit),
      figure: amount(input, kwh),
      threshold: `at most ${amount(input, limit)}`,
      sentence: `Highest ${lengthOf(durationSeconds)}, ${when(startAt, input.timezone)}; ${decimal(capacityKw)} kW × ${factor}.`,
    };
  },
};
