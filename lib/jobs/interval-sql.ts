import { type SQL, sql } from "drizzle-orm";
import { civilIntervals } from "./intervals";

/** Pieces of SQL for the rules of `intervals.ts`. `job` is a row with `interval` (text) and `timezone`. */

/** True for days, weeks and months. */
export function isCivilSql(interval: SQL): SQL {
  return sql`${interval} in (${sql.join(
    civilIntervals.map((civil) => sql`${civil}`),
    sql`, `,
  )})`;
}

/**
 * First instant of a local day given as its midnight. Where midnight is skipped, PostgreSQL already gives the first instant
 * after it. Where it comes twice (the Azores, Havana) PostgreSQL takes the later one; the day begins with the earlier.
 */
export function dayStartSql(midnight: SQL, timezone: SQL): SQL {
  const later = sql`(${midnight} at time zone ${timezone})`;
  const earlier = sql`(${later} - interval '1 hour')`;
  return sql`(case when ${earlier} at time zone ${timezone} = ${midnight} then ${earlier} else ${later} end)`;
}

/** Start of the interval `steps` after the one that starts at `start` (a point of the grid). */
export function intervalStartSql(start: SQL, steps: SQL, interval: SQL, timezone: SQL): SQL {
  // `date_trunc`: a day whose midnight is skipped starts at 01:00, and the next one must not.
  const midnight = sql`(date_trunc('day', ${start} at time zone ${timezone}) + ${steps} * ${interval}::interval)`;
  return sql`(case when ${isCivilSql(interval)} then ${dayStartSql(midnight, timezone)}
    else ${start} + ${steps} * ${interval}::interval end)`;
}
