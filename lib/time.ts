import { Temporal } from "temporal-polyfill";

/** Civil days and ISO 8601 durations. Instants are UTC; a day is the meter's, 23 to 25 hours long. */

/**
 * A name of the IANA database with an area, or UTC. Offsets and old names without one (`+10:00`, `CET`, `EST`) are refused:
 * JavaScript and PostgreSQL read them differently, the one with daylight saving or the other sign.
 */
export function isTimezone(zone: string): boolean {
  if (zone !== "UTC" && !/^[A-Za-z_]+(\/[A-Za-z0-9_+-]+)+$/.test(zone)) return false;
  try {
    new Intl.DateTimeFormat("en", { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}

/** Start of the civil day that holds the instant. */
export function startOfDay(instant: Date, timezone: string): Date {
  return toDate(toZoned(instant, timezone).startOfDay());
}

/** Start of the civil day `2026-11-23` in the zone; null where the text is no day of the calendar. */
export function dayStart(day: string, timezone: string): Date | null {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day)) return null;
  try {
    return toDate(Temporal.PlainDate.from(day, { overflow: "reject" }).toZonedDateTime(timezone));
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

/** Calendar arithmetic: adding P1D over a change of clocks gives the same time of day. */
export function addDuration(instant: Date, duration: string, timezone: string): Date {
  return toDate(toZoned(instant, timezone).add(Temporal.Duration.from(duration)));
}

/** Length of a duration without days, months or years (`PT5M`). Throws RangeError otherwise. */
export function durationSeconds(duration: string): number {
  return Temporal.Duration.from(duration).total("seconds");
}

/** Days count 24 hours here: for limits and lags, never for civil days. */
export function nominalSeconds(duration: string): number {
  return Temporal.Duration.from(duration).total({ unit: "seconds", relativeTo: "2001-01-01T00:00Z[UTC]" });
}

/** `2026-11-23` in the zone. */
export function civilDate(instant: Date, timezone: string): string {
  return toZoned(instant, timezone).toPlainDate().toString();
}

/**
 * Offsets from UTC, in seconds, that a wall clock in the zone can have when it shows this time (seconds as if it were UTC): one; none
 * where clocks were put forward past it; two where they were put back over it, the earlier instant first.
 */
export function wallClockOffsets(wallSeconds: number, timezone: string): number[] {
  const wall = Temporal.Instant.fromEpochMilliseconds(wallSeconds * 1000)
    .toZonedDateTimeISO("UTC")
    .toPlainDateTime();
  const earlier = wall.toZonedDateTime(timezone, { disambiguation: "earlier" });
  const later = wall.toZonedDateTime(timezone, { disambiguation: "later" });
  // In a skipped hour they differ too: each is then as far from the time that was asked for as clocks were moved.
  if (earlier.epochMilliseconds === later.epochMilliseconds) return [wallSeconds - earlier.epochMilliseconds / 1000];
  const offsets = [earlier, later].filter((zoned) => zoned.toPlainDateTime().equals(wall));
  return offsets.map((zoned) => wallSeconds - zoned.epochMilliseconds / 1000);
}

function toZoned(instant: Date, timezone: string): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(instant.getTime()).toZonedDateTimeISO(timezone);
}

function toDate(zoned: Temporal.ZonedDateTime): Date {
  return new Date(zoned.epochMilliseconds);
}
