import { type Check, type CheckedReading, inWords, rangeOf, runsOf } from "../check";

/** Fewer readings say nothing about what is usual. */
const FEWEST_READINGS = 48;
/** Hours in a row are a change of use, no spike. */
const LONGEST_SECONDS = 3600;

export const spike: Check = {
  name: "spike",
  label: "Spike",
  meaning:
    "A single value is far above the days around it: often a counter's reset, or buffered energy sent as one interval.",
  run({ readings, thresholds }) {
    const powers = readings
      .map(powerKw)
      .filter((power) => power > 0)
      .sort((a, b) => a - b);
    if (powers.length < FEWEST_READINGS) return [];
    const usual = powers[Math.floor(powers.length * 0.95)] ?? 0;
    const limit = usual * thresholds.spikeFactor;
    return runsOf(readings, (reading) => powerKw(reading) > limit)
      .filter((run) => rangeOf(run).to - rangeOf(run).from <= LONGEST_SECONDS)
      .map((run) => {
        const figure = Math.max(...run.map(powerKw));
        const sentence = `Power jumps to ${inWords(figure)} kW, where 95 of 100 readings around stay below ${inWords(usual)} kW.`;
        return { ...rangeOf(run), figure, threshold: limit, unit: "kW", sentence };
      });
  },
};

function powerKw({ energyKwh, durationSeconds }: CheckedReading): number {
  return (Math.abs(energyKwh ?? 0) * 3600) / durationSeconds;
}
