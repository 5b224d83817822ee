import { type Check, type CheckedReading, clustersOf, rangeOf, worstOf } from "../check";
import { inWords, readingsWords } from "../words";

export const negative: Check = {
  name: "negative",
  label: "Negative",
  meaning:
    "Energy is below zero where it cannot be: a sensor is mounted the other way round. Correct the inverted channels.",
  over: "worst",
  run({ readings, thresholds: { negativeKwh }, flow }) {
    const isOneWay = flow === "generation" || flow === "load";
    const lowest = (reading: CheckedReading) =>
      Math.min(
        // Taken and sent are sums of one direction: they are never negative, whatever the meter measures.
        reading.positiveKwh ?? 0,
        reading.negativeKwh ?? 0,
        isOneWay ? (reading.energyKwh ?? 0) : 0,
      );
    return clustersOf(readings, (reading) => lowest(reading) < -negativeKwh).map((cluster) => {
      const figure = lowest(worstOf(cluster, (reading) => -lowest(reading)));
      const sentence = `${readingsWords(cluster.length)} below zero, down to ${inWords(figure)} kWh.`;
      return { ...rangeOf(cluster), figure, threshold: -negativeKwh, unit: "kWh", sentence };
    });
  },
};
