import { type Check, endOf, powerKw, rangeOf, runsOf, worstOf } from "../check";
import { inWords } from "../words";

/** Fewer readings say nothing about what is usual. */
const FEWEST_READINGS = 48;
/** Hours in a row are a change of use, no spike. */
const LONGEST_SECONDS = 3600;
const DAY_SECONDS = 86_400;

export const spike: Check = {
  name: "spike",
  label: "Spike",
  meaning:
    "A single value is far above the days around it: often a counter's reset, or buffered energy sent as one interval.",
  over: "worst",
  run({ readings, thresholds }) {
    const [first] = readings;
    const last = readings.at(-1);
    const powers = readings
      .map(powerKw)
      .filter((power) => power > 0)
      .sort((a, b) => a - b);
    if (!first || !last || powers.length < FEWEST_READINGS) return [];
    const usual = powers[Math.floor(powers.length * 0.95)] ?? 0;
    const limit = Math.max(usual * thresholds.spikeFactor, thresholds.spikeKw);
    const peaks = runsOf(readings, (reading) => powerKw(reading) > limit).filter((run) => {
      const { from, to } = rangeOf(run);
      return to - from <= LONGEST_SECONDS;
    });
    // What happens every day, such as a car that is charged, is how the meter is used.
    if (peaks.length > Math.max(1, (endOf(last) - first.startAt) / DAY_SECONDS)) return [];
    return peaks.map((run) => {
      const figure = powerKw(worstOf(run, powerKw));
      const sentence = `${inWords(figure)} kW, where 95 of 100 readings around stay below ${inWords(usual)} kW.`;
      return { ...rangeOf(run), figure, threshold: limit, unit: "kW", sentence };
    });
  },
};
