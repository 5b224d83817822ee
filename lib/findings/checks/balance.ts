import { type Check, type CheckedReading, clustersOf, rangeOf, worstOf } from "../check";
import { inWords, readingsWords } from "../words";

export const balance: Check = {
  name: "balance",
  label: "Positive − negative ≠ net",
  meaning:
    "The parts do not make the whole: a channel is missing in one of the three, or the source rounds them apart.",
  over: "worst",
  run({ readings, thresholds: { balanceKwh } }) {
    return clustersOf(readings, (reading) => differenceOf(reading) > balanceKwh).map((cluster) => {
      const figure = differenceOf(worstOf(cluster, differenceOf));
      const sentence = `${readingsWords(cluster.length)}, positive − negative differs from net by up to ${inWords(figure)} kWh.`;
      return { ...rangeOf(cluster), figure, threshold: balanceKwh, unit: "kWh", sentence };
    });
  },
};

function differenceOf({ energyKwh, positiveKwh, negativeKwh }: CheckedReading): number {
  if (energyKwh === null || positiveKwh === null || negativeKwh === null) return 0;
  return Math.abs(positiveKwh - negativeKwh - energyKwh);
}
