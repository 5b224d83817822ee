import { type Check, type CheckedReading, endOf, generatedKwh, rangeOf } from "../check";
import { nightsOf } from "../civil-time";
import { inWords } from "../words";

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
    return nightsOf(readings, timezone, nightStartHour, nightEndHour).flatMap(({ from, to }) => {
      const night = readings.filter(
        (reading) => reading.startAt >= from && endOf(reading) <= to && madeBy(reading) > 0,
      );
      const kwh = night.reduce((sum, reading) => sum + madeBy(reading), 0);
      if (kwh <= nightKwh) return [];
      const sentence = `${inWords(kwh)} kWh between ${nightStartHour}:00 and ${nightEndHour}:00.`;
      return [{ ...rangeOf(night), figure: kwh, threshold: nightKwh, unit: "kWh" as const, sentence }];
    });
  },
};
