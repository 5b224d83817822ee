import { type Check, endOf, type Found } from "../check";
import { lengthWords, readingsWords } from "../words";

export const gap: Check = {
  name: "gap",
  label: "Gap",
  meaning: "Readings are missing between two that are there. Look at the tasks of that time, then backfill.",
  over: "whole",
  run({ readings, previousEndAt, nextStartAt, thresholds: { gapMinutes } }) {
    const found: Found[] = [];
    let end = previousEndAt;
    let usualSeconds = 0;
    const look = (startAt: number) => {
      if (end === null || startAt <= end || startAt - end < gapMinutes * 60) return;
      const seconds = startAt - end;
      const missing = usualSeconds > 0 ? `, ${readingsWords(Math.round(seconds / usualSeconds))} missing` : "";
      const sentence = `${lengthWords(seconds)}${missing}.`;
      found.push({ from: end, to: startAt, figure: seconds / 60, threshold: gapMinutes, unit: "min", sentence });
    };
    for (const reading of readings) {
      // A forecast says nothing of what was.
      if (reading.quality === "forecast") continue;
      usualSeconds ||= reading.durationSeconds;
      look(reading.startAt);
      end = Math.max(end ?? Number.NEGATIVE_INFINITY, endOf(reading));
      usualSeconds = reading.durationSeconds;
    }
    if (nextStartAt !== null) look(nextStartAt);
    return found;
  },
};
