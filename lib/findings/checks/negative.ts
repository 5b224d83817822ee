import { type Check, type CheckedReading, inWords, rangeOf, runsOf } from "../check";

export const negative: Check = {
  name: "negative",
  label: "Negative",
  meaning:
    "Energy is below zero where it cannot be: a sensor is mounted the other way round. Correct the inverted channels.",
  run({ readings, thresholds }) {
    const lowest = (reading: CheckedReading) =>
      Math.min(
        // Taken and sent are sums of one direction: they are never negative, whatever the meter measures.
        reading.positiveKwh ?? 0,
        reading.negativeKwh ?? 0,
        thresholds.flow === "both" ? 0 : (reading.energyKwh ?? 0),
      );
    return runsOf(readings, (reading) => lowest(reading) < -thresholds.negativeKwh).map((run) => {
      const figure = Math.min(...run.map(lowest));
      const sentence = `Energy goes down to ${inWords(figure)} kWh where it cannot be negative.`;
      return { ...rangeOf(run), figure, threshold: -thresholds.negativeKwh, unit: "kWh", sentence };
    });
  },
};
