import { Temporal } from "temporal-polyfill";
import { type CheckedReading, endOf } from "./check";

// A zone's clock is asked once a day, not once a reading: that took longer than all checks together.

interface Span {
  /** Epoch seconds. */
  from: number;
  to: number;
}

/** The civil days that readings are in, 23 to 25 hours long. */
export function daysOf(readings: readonly CheckedReading[], timezone: string): Span[] {
  return eachDay(readings, timezone, (day) => ({
    from: at(day, 0, timezone),
    to: at(day.add({ days: 1 }), 0, timezone),
  }));
}

/** The nights that readings may be in: from an hour of one day until an hour of the next. */
export function nightsOf(
  readings: readonly CheckedReading[],
  timezone: string,
  startHour: number,
  endHour: number,
): Span[] {
  return eachDay(readings, timezone, (day) => ({
    from: at(day, startHour, timezone),
    to: at(day.add({ days: 1 }), endHour, timezone),
  }));
}

function eachDay(
  readings: readonly CheckedReading[],
  timezone: string,
  spanOf: (day: Temporal.PlainDate) => Span,
): Span[] {
  const [first] = readings;
  const last = readings.at(-1);
  if (!first || !last) return [];
  const end = endOf(last);
  const spans: Span[] = [];
  // From the day before: its night reaches into the first.
  for (let day = civilDay(first.startAt, timezone).subtract({ days: 1 }); ; day = day.add({ days: 1 })) {
    const span = spanOf(day);
    if (span.from >= end) return spans;
    if (span.to > first.startAt) spans.push(span);
  }
}

function civilDay(epochSeconds: number, timezone: string): Temporal.PlainDate {
  return Temporal.Instant.fromEpochMilliseconds(epochSeconds * 1000)
    .toZonedDateTimeISO(timezone)
    .toPlainDate();
}

function at(day: Temporal.PlainDate, hour: number, timezone: string): number {
  const wall = day.toPlainDateTime({ hour });
  return wall.toZonedDateTime(timezone).epochMilliseconds / 1000;
}
