import { kwToKwh } from "../../units";
import { type Check, type CheckedReading, inWords, rangeOf, runsOf } from "../check";

export const nameplate: Check = {
  name: "nameplate",
  label: "Above nameplate",
  meaning: "More energy than the plant can make: the capacity is wrong, channels count twice, or the unit is another.",
  run({ readings, thresholds, capacityKw }) {
    // What a load takes is not bounded by the plant behind it.
    if (capacityKw === null || thresholds.flow === "load") return [];
    const limitKw = capacityKw * thresholds.nameplateFactor;
    const isAbove = ({ energyKwh, durationSeconds }: CheckedReading) =>
      energyKwh !== null && energyKwh > kwToKwh(limitKw, durationSeconds);
    return runsOf(readings, isAbove).map((run) => {
      const figure = Math.max(
        ...run.map(({ energyKwh, durationSeconds }) => ((energyKwh ?? 0) * 3600) / durationSeconds),
      );
      const sentence = `Power reaches ${inWords(figure)} kW; the plant's capacity is ${inWords(capacityKw)} kW.`;
      return { ...rangeOf(run), figure, threshold: limitKw, unit: "kW", sentence };
    });
  },
};
