import { type Check, type CheckedReading, rangeOf } from "../check";
import { daysOf } from "../civil-time";
import { inWords } from "../words";

/** Of a day: fewer hours may be an unusual part of it. */
const SHORTEST_SECONDS = 12 * 3600;
/** Wh for kWh (or kWh for MWh), kJ for kWh, Wh for MWh, J for kWh. */
const UNIT_RATIOS = [1_000, 3_600, 1_000_000, 3_600_000];
/** Days differ by themselves, so a ratio is met within this factor. A plant that stands still is any other one. */
const WITHIN = 2.5;

export const unitMismatch: Check = {
  name: "unit-mismatch",
  label: "Unit mismatch",
  meaning:
    "A whole day is at another level, as if Wh were read as kWh. Check the unit in the source and the meter's settings.",
  over: "worst",
  run({ readings, thresholds, timezone }) {
    const days = byDay(readings, timezone).filter(({ seconds, meanKw }) => seconds >= SHORTEST_SECONDS && meanKw > 0);
    return days.flatMap(({ run, meanKw }, index) => {
      const usual = median(days.filter((_, other) => other !== index).map((day) => day.meanKw));
      if (usual === undefined) return [];
      const figure = Math.max(meanKw / usual, usual / meanKw);
      const isUnit = UNIT_RATIOS.some((ratio) => figure > ratio / WITHIN && figure < ratio * WITHIN);
      if (figure < thresholds.unitFactor || !isUnit) return [];
      const sentence = `${inWords(meanKw)} kW on average, where the days around have ${inWords(usual)} kW.`;
      return [{ ...rangeOf(run), figure, threshold: thresholds.unitFactor, unit: "times" as const, sentence }];
    });
  },
};

function byDay(readings: readonly CheckedReading[], timezone: string) {
  let next = 0;
  return daysOf(readings, timezone).flatMap(({ to }) => {
    const run: CheckedReading[] = [];
    for (; next < readings.length; next++) {
      const reading = readings[next] as CheckedReading;
      if (reading.startAt >= to) break;
      if (reading.energyKwh !== null) run.push(reading);
    }
    if (run.length === 0) return [];
    const seconds = run.reduce((sum, { durationSeconds }) => sum + durationSeconds, 0);
    const kwh = run.reduce((sum, { energyKwh }) => sum + Math.abs(energyKwh ?? 0), 0);
    return [{ run, seconds, meanKw: (kwh * 3600) / seconds }];
  });
}

/** Undefined for fewer than two days: one says nothing of which of both is wrong. */
function median(values: readonly number[]): number | undefined {
  if (values.length < 2) return undefined;
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
}
