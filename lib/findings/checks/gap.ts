import { type Check, endOf, type Found, inWords } from "../check";

export const gap: Check = {
  name: "gap",
  label: "Gap",
  meaning: "Readings are missing between two that are there. Look at the tasks of that time, then backfill.",
  run({ readings, previousEndAt, thresholds }) {
    const found: Found[] = [];
    let end = previousEndAt;
    for (const reading of readings) {
      if (reading.quality === "forecast") continue;
      if (end !== null && reading.startAt - end > thresholds.gapMinutes * 60) {
        const minutes = (reading.startAt - end) / 60;
        const sentence = `There are no readings for ${inWords(minutes)} minutes.`;
        found.push({
          from: end,
          to: reading.startAt,
          figure: minutes,
          threshold: thresholds.gapMinutes,
          unit: "min",
          sentence,
        });
      }
      end = Math.max(end ?? Number.NEGATIVE_INFINITY, endOf(reading));
    }
    return found;
  },
};
