import { Temporal } from "temporal-polyfill";
import { durationSeconds, nominalSeconds } from "../time";

/**
 * The intervals of a job. Below a day they step in absolute time from `anchor_at` (they all divide a day of 24 hours, and a
 * change of clocks does not stretch them); days, weeks and months are civil ones in the job's zone, 23 to 25 hours a day.
 * `interval-sql.ts` has the same rules for set-based statements; a test holds the two together.
 */
export const subDayIntervals = [
  "PT5M",
  "PT10M",
  "PT15M",
  "PT30M",
  "PT1H",
  "PT2H",
  "PT3H",
  "PT4H",
  "PT6H",
  "PT12H",
] as const;
export const civilIntervals = ["P1D", "P7D", "P1M"] as const;
export const jobIntervals = [...subDayIntervals, ...civilIntervals] as const;
export type JobInterval = (typeof jobIntervals)[number];

export function isCivil(interval: string): boolean {
  return (civilIntervals as readonly string[]).includes(interval);
}

/** Length in seconds, with a day of 24 hours and a month of 31 days: for bounds and estimates. */
export function intervalSeconds(interval: string): number {
  return isCivil(interval) ? nominalSeconds(interval) : durationSeconds(interval);
}

/** Start of the interval that holds the instant: the local day or month, or so many steps after local midnight. */
export function anchorOf(startAt: Date, interval: string, timezone: string): Date {
  const local = zoned(startAt, timezone);
  if (interval === "P1M") return toDate(startOfMonth(local));
  const midnight = local.startOfDay();
  if (isCivil(interval)) return toDate(midnight);
  return stepped(toDate(midnight), startAt, interval);
}

/** Start of the interval of an existing grid that holds the instant, before or after the anchor. */
export function intervalHolding(anchorAt: Date, instant: Date, interval: string, timezone: string): Date {
  if (!isCivil(interval)) return stepped(anchorAt, instant, interval);
  if (interval !== "P7D") return anchorOf(instant, interval, timezone);
  const anchorDay = zoned(anchorAt, timezone).toPlainDate();
  const days = anchorDay.until(zoned(instant, timezone).toPlainDate()).days;
  return toDate(anchorDay.add({ days: Math.floor(days / 7) * 7 }).toZonedDateTime(timezone));
}

function stepped(from: Date, instant: Date, interval: string): Date {
  const step = durationSeconds(interval) * 1000;
  return new Date(from.getTime() + Math.floor((instant.getTime() - from.getTime()) / step) * step);
}

/** End of the interval that starts at an instant of the job's grid. */
export function intervalEnd(start: Date, interval: string, timezone: string): Date {
  if (!isCivil(interval)) return new Date(start.getTime() + durationSeconds(interval) * 1000);
  const day = zoned(start, timezone).toPlainDate();
  return toDate(day.add(Temporal.Duration.from(interval)).toZonedDateTime(timezone));
}

function startOfMonth(local: Temporal.ZonedDateTime): Temporal.ZonedDateTime {
  return local.toPlainDate().with({ day: 1 }).toZonedDateTime(local.timeZoneId);
}

function zoned(instant: Date, timezone: string): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(instant.getTime()).toZonedDateTimeISO(timezone);
}

function toDate(value: Temporal.ZonedDateTime): Date {
  return new Date(value.epochMilliseconds);
}
