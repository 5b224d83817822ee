import { type Check, type CheckedReading, inWords, rangeOf, runsOf } from "../check";

export const balance: Check = {
  name: "balance",
  label: "Positive − negative ≠ net",
  meaning:
    "The parts do not make the whole: a channel is missing in one of the three, or the source rounds them apart.",
  run({ readings, thresholds }) {
    const differenceOf = ({ energyKwh, positiveKwh, negativeKwh }: CheckedReading) =>
      energyKwh === null || positiveKwh === null || negativeKwh === null
        ? 0
        : Math.abs(positiveKwh - negativeKwh - energyKwh);
    return runsOf(readings, (reading) => differenceOf(reading) > thresholds.balanceKwh).map((run) => {
      const figure = Math.max(...run.map(differenceOf));
      const sentence = `Positive − negative differs from net by up to ${inWords(figure)} kWh.`;
      return { ...rangeOf(run), figure, threshold: thresholds.balanceKwh, unit: "kWh", sentence };
    });
  },
};
