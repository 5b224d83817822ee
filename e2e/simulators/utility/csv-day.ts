import { Temporal } from "temporal-polyfill";
import { shareOf } from "../faults";
import type { IntervalEnergy } from "./day-energy";

/** Quarter hours of a data logger in Germany: semicolons, decimal commas, local time of each interval's END. */
export function csvDay(logger: string, zone: string, intervals: readonly IntervalEnergy[]): string {
  const comma = (wh: number) => (wh / 1000).toFixed(3).replace(".", ",");
  const lines = intervals.map(({ start, durationSeconds, takenWh, sentWh }) => {
    const end = Temporal.Instant.fromEpochMilliseconds((start + durationSeconds) * 1000).toZonedDateTimeISO(zone);
    const two = (value: number) => String(value).padStart(2, "0");
    const stamp = `${two(end.day)}.${two(end.month)}.${end.year} ${two(end.hour)}:${two(end.minute)}`;
    return `${logger};${stamp};${comma(takenWh)};${comma(sentWh)}`;
  });
  return `${["Zähler;Zeit;Bezug kWh;Einspeisung kWh", ...lines].join("\r\n")}\r\n`;
}

/** Every ninth day is missing whole; every third lacks some hours, when the logger was without power. */
export function withGaps(
  seed: number,
  day: Temporal.PlainDate,
  intervals: readonly IntervalEnergy[],
): IntervalEnergy[] {
  const number = Math.floor(day.toZonedDateTime("UTC").epochMilliseconds / 86_400_000);
  if (number % 9 === 4) return [];
  if (number % 3 !== 0) return [...intervals];
  const first = Math.floor(shareOf(seed, `gap ${day} first`) * 70);
  const count = 4 + Math.floor(shareOf(seed, `gap ${day} count`) * 14);
  return intervals.filter((_, index) => index < first || index >= first + count);
}
