import { endOf, generatedKwh } from "../../../findings/check";
import { nightsOf } from "../../../findings/civil-time";
import { notApplicable, passedIf, type RecordCheck } from "./check";
import { findingsOf, sentenceOf } from "./of-findings";
import { decimal } from "./words";

export const nightGeneration: RecordCheck = {
  name: "night-generation",
  label: "Generation at night",
  isBlocking: false,
  run(input) {
    const { flow, thresholds } = input.meter;
    if (flow !== "generation" && flow !== "feed-in") {
      return notApplicable("Only a meter whose energy all comes from a plant is dark at night.");
    }
    const { nightStartHour, nightEndHour, nightKwh } = thresholds;
    let highest = 0;
    for (const { from, to } of nightsOf(input.readings, input.evidence.meter.timezone, nightStartHour, nightEndHour)) {
      const own = input.readings.filter((reading) => reading.startAt >= from && endOf(reading) <= to);
      const kwh = own.reduce((sum, reading) => sum + Math.max(0, generatedKwh(reading, flow) ?? 0), 0);
      highest = Math.max(highest, kwh);
    }
    const found = findingsOf(input, "night-generation");
    return {
      result: passedIf(found.length === 0 && highest <= nightKwh),
      figure: `${decimal(highest)} kWh`,
      threshold: `at most ${decimal(nightKwh)} kWh`,
      sentence: found.length > 0 ? sentenceOf(input, found) : `Between ${nightStartHour}:00 and ${nightEndHour}:00.`,
    };
  },
};
