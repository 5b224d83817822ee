import { civilDate } from "../../time";
import { type Check, type CheckedReading, inWords, rangeOf } from "../check";

/** Of a day: fewer hours may be an unusual part of it. */
const SHORTEST_SECONDS = 12 * 3600;

export const unitMismatch: Check = {
  name: "unit-mismatch",
  label: "Unit mismatch",
  meaning:
    "A whole day is at another level, as if Wh were read as kWh. Check the unit in the source and the meter's settings.",
  run({ readings, thresholds, timezone }) {
    const days = byDay(readings, timezone).filter(({ seconds, meanKw }) => seconds >= SHORTEST_SECONDS && meanKw > 0);
    return days.flatMap(({ run, meanKw }, index) => {
      const usual = median(days.filter((_, other) => other !== index).map((day) => day.meanKw));
      if (usual === undefined) return [];
      const figure = Math.max(meanKw / usual, usual / meanKw);
      if (figure < thresholds.unitFactor) return [];
      const sentence = `The mean of this day is ${inWords(meanKw)} kW where the days around it have ${inWords(usual)} kW.`;
      return [{ ...rangeOf(run), figure, threshold: thresholds.unitFactor, unit: "times" as const, sentence }];
    });
  },
};

function byDay(readings: readonly CheckedReading[], timezone: string) {
  const days = new Map<string, CheckedReading[]>();
  for (const reading of readings) {
    if (reading.energyKwh === null) continue;
    const day = civilDate(new Date(reading.startAt * 1000), timezone);
    const run = days.get(day);
    if (run) run.push(reading);
    else days.set(day, [reading]);
  }
  return [...days.values()].map((run) => {
    const seconds = run.reduce((sum, { durationSeconds }) => sum + durationSeconds, 0);
    const kwh = run.reduce((sum, { energyKwh }) => sum + Math.abs(energyKwh ?? 0), 0);
    return { run, seconds, meanKw: (kwh * 3600) / seconds };
  });
}

/** Undefined for fewer than two days: one says nothing of which of both is wrong. */
function median(values: readonly number[]): number | undefined {
  if (values.length < 2) return undefined;
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
}
