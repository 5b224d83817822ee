import { sql } from "drizzle-orm";
import type { Db } from "../db/client";
import { addDuration, civilDate, startOfDay } from "../time";

/** One civil day of a meter. `share` is covered seconds over seconds expected, 0 to 1; null where nothing is expected. */
export interface DayCoverage {
  /** `2026-11-23`, in the meter's zone. */
  day: string;
  share: number | null;
  readings: number;
  expectedSeconds: number;
  coveredSeconds: number;
}

export interface StripMeter {
  id: string;
  timezone: string;
  /** Before it nothing is expected: the earliest anchor of its jobs; null without a job. */
  expectedFrom: Date | null;
  /** After it nothing is expected yet: now less delay and lag, or when its last job was paused or ended. */
  expectedTo: Date;
}

/**
 * Coverage by day of several meters, oldest day first, ending with the day of `until`. Days are civil ones, 23 to 25 hours
 * long; what is not due yet, or lies before the start, is not expected.
 */
export async function coverageByDay(
  db: Db,
  meters: readonly StripMeter[],
  days: number,
  until: Date,
): Promise<Map<string, DayCoverage[]>> {
  if (meters.length === 0) return new Map();
  const rows = await db.execute<{ meter_id: string; day: string; readings: number; covered_seconds: number }>(sql`
    select meter_id, day::text as day, readings, covered_seconds from meter_data_daily
    where meter_id = any(${`{${meters.map(({ id }) => id).join(",")}}`}::uuid[])
      and day >= ${new Date(until.getTime() - (days + 1) * 86_400_000).toISOString()}::timestamptz::date
      and day <= ${new Date(until.getTime() + 86_400_000).toISOString()}::timestamptz::date`);
  const covered = new Map(rows.map((row) => [`${row.meter_id} ${row.day}`, row]));
  return new Map(
    meters.map((meter) => [
      meter.id,
      civilDays(until, meter.timezone, days).map(({ day, from, to }) => {
        const row = covered.get(`${meter.id} ${day}`);
        const expectedSeconds = overlapSeconds(from, to, meter.expectedFrom, meter.expectedTo);
        const coveredSeconds = row?.covered_seconds ?? 0;
        const share = expectedSeconds > 0 ? Math.min(1, coveredSeconds / expectedSeconds) : null;
        return { day, share, readings: row?.readings ?? 0, expectedSeconds, coveredSeconds };
      }),
    ]),
  );
}

/** Covered over expected of several days, 0 to 1; null where nothing was expected. */
export function shareOf(days: readonly DayCoverage[]): number | null {
  const expected = days.reduce((sum, day) => sum + day.expectedSeconds, 0);
  const covered = days.reduce((sum, day) => sum + Math.min(day.coveredSeconds, day.expectedSeconds), 0);
  return expected > 0 ? covered / expected : null;
}

function civilDays(until: Date, timezone: string, count: number) {
  const days: { day: string; from: Date; to: Date }[] = [];
  let from = startOfDay(until, timezone);
  let to = addDuration(from, "P1D", timezone);
  for (let index = 0; index < count; index++) {
    days.push({ day: civilDate(from, timezone), from, to });
    to = from;
    from = addDuration(from, "-P1D", timezone);
  }
  return days.reverse();
}

function overlapSeconds(from: Date, to: Date, expectedFrom: Date | null, expectedTo: Date): number {
  if (!expectedFrom) return 0;
  const start = Math.max(from.getTime(), expectedFrom.getTime());
  const end = Math.min(to.getTime(), expectedTo.getTime());
  return Math.max(0, (end - start) / 1000);
}
