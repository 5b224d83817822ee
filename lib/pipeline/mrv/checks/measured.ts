import { passedIf, type RecordCheck } from "./check";
import { counted, plural } from "./words";

export const measured: RecordCheck = {
  name: "measured",
  label: "Measured, not modelled",
  isBlocking: true,
  run({ readings, meter, evidence }) {
    const forecasts = readings.filter(({ quality }) => quality === "forecast").length;
    const modelled = meter.isModelled ? readings.length : forecasts;
    const sentence = meter.isModelled
      ? `${meter.typeLabel} computes what a plant may have made: it is never measured generation, and no record is made of it.`
      : forecasts > 0
        ? `Forecasts: ${counted(forecasts)} of ${plural(evidence.readings.count, "reading")}. They are not in the figure: collect what was measured.`
        : "No forecast and nothing modelled is among the readings.";
    return {
      result: passedIf(modelled === 0 && !meter.isModelled),
      figure: counted(modelled),
      threshold: "none",
      sentence,
    };
  },
};
