import { kwToKwh } from "../../units";
import { type Check, type CheckedReading, clustersOf, generatedKwh, rangeOf, worstOf } from "../check";
import { inWords, lengthWords, readingsWords } from "../words";

export const nameplate: Check = {
  name: "nameplate",
  label: "Above nameplate",
  meaning: "More energy than the plant can make: the capacity is wrong, channels count twice, or the unit is another.",
  over: "worst",
  run({ readings, thresholds: { nameplateFactor }, capacityKw, flow }) {
    if (capacityKw === null) return [];
    const limitOf = ({ durationSeconds }: CheckedReading) => kwToKwh(capacityKw * nameplateFactor, durationSeconds);
    const madeBy = (reading: CheckedReading) => generatedKwh(reading, flow) ?? 0;
    const shareOf = (reading: CheckedReading) => madeBy(reading) / limitOf(reading);
    return clustersOf(readings, (reading) => madeBy(reading) > limitOf(reading)).map((cluster) => {
      const worst = worstOf(cluster, shareOf);
      const more = cluster.length > 1 ? ` In ${readingsWords(cluster.length)}.` : "";
      const sentence = `${inWords(madeBy(worst))} kWh in ${lengthWords(worst.durationSeconds)}, at most ${inWords(limitOf(worst))} (${inWords(capacityKw)} kW × ${nameplateFactor}).${more}`;
      return { ...rangeOf(cluster), figure: madeBy(worst), threshold: limitOf(worst), unit: "kWh", sentence };
    });
  },
};
