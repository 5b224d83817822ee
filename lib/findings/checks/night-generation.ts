import { type Check, type CheckedReading, endOf, generatedKwh, rangeOf, worstOf } from "../check";
import { nightsOf } from "../civil-time";
import { inWords } from "../words";

/** Nights one after the other are one trouble. */
const LONGEST_DAY_SECONDS = 26 * 3600;

interface Night {
  from: number;
  to: number;
  kwh: number;
}

/** The site's latitude is not known, so night is the middle of it by the clock of the meter's zone, dark nearly everywhere. */
export const nightGeneration: Check = {
  name: "night-generation",
  label: "Generation at night",
  meaning: "A solar plant generates in the dark: its stamps are in another zone, or the channel is a load.",
  over: "worst",
  run({ readings, thresholds, timezone, flow }) {
    // Where energy flows both ways what is sent at night can come from a battery.
    if (flow !== "generation" && flow !== "feed-in") return [];
    const { nightStartHour, nightEndHour, nightKwh } = thresholds;
    const madeBy = (reading: CheckedReading) => generatedKwh(reading, flow) ?? 0;
    const runs: Night[][] = [];
    for (const { from, to } of nightsOf(readings, timezone, nightStartHour, nightEndHour)) {
      const own = readings.filter((reading) => reading.startAt >= from && endOf(reading) <= to && madeBy(reading) > 0);
      const kwh = own.reduce((sum, reading) => sum + madeBy(reading), 0);
      if (kwh <= nightKwh) continue;
      const night = { ...rangeOf(own), kwh };
      const last = runs.at(-1);
      if (last && night.from - (last.at(-1)?.to ?? 0) < LONGEST_DAY_SECONDS) last.push(night);
      else runs.push([night]);
    }
    return runs.map((run) => {
      const figure = worstOf(run, ({ kwh }) => kwh).kwh;
      const nights = run.length > 1 ? `, the most of ${run.length} nights` : "";
      const sentence = `${inWords(figure)} kWh between ${nightStartHour}:00 and ${nightEndHour}:00${nights}.`;
      const range = { from: run[0]?.from ?? 0, to: run.at(-1)?.to ?? 0 };
      return { ...range, figure, threshold: nightKwh, unit: "kWh" as const, sentence };
    });
  },
};
