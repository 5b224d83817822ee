import { type SQL, sql } from "drizzle-orm";
import { connectors } from "../connectors/registry";

/**
 * Some vendors are busy at the hour and the quarter hour, when everybody calls. Jobs of such meters are due at a minute of
 * their meter's own, 3 to 12 after a quarter hour, at the earliest when delay and interval's end say. Due times in TypeScript and
 * in SQL are made here alone; a test holds the two together.
 */
const QUARTER_SECONDS = 900;
const FIRST_MINUTE = 3;
const MINUTES = 10;

const offTheQuarterTypes: readonly string[] = connectors
  .filter((connector) => connector.collectsOffTheQuarter)
  .map((connector) => connector.type);

/** When the interval that ends at `end` is collected. */
export function dueAfter(end: Date, job: { delaySeconds: number; meterId: string; meterType: string }): Date {
  const earliest = end.getTime() / 1000 + job.delaySeconds;
  if (!offTheQuarterTypes.includes(job.meterType)) return new Date(earliest * 1000);
  // The end of a UUIDv7 is random, and never changes.
  const minute = FIRST_MINUTE + (Number.parseInt(job.meterId.slice(-2), 16) % MINUTES);
  const wait = (((minute * 60 - earliest) % QUARTER_SECONDS) + QUARTER_SECONDS) % QUARTER_SECONDS;
  return new Date((earliest + wait) * 1000);
}

/** The same in SQL. */
export function dueAfterSql(end: SQL, job: { delaySeconds: SQL; meterId: SQL; meterType: SQL }): SQL {
  const earliest = sql`(${end} + make_interval(secs => ${job.delaySeconds}))`;
  if (offTheQuarterTypes.length === 0) return earliest;
  const types = sql.join(
    offTheQuarterTypes.map((type) => sql`${type}`),
    sql`, `,
  );
  const minute = sql`(${FIRST_MINUTE}::int + ('x' || right(${job.meterId}::text, 2))::bit(8)::int % ${MINUTES}::int)`;
  const wait = sql`mod(mod(${minute} * 60 - extract(epoch from ${earliest}), ${QUARTER_SECONDS}::int)
    + ${QUARTER_SECONDS}::int, ${QUARTER_SECONDS}::int)`;
  return sql`(case when ${job.meterType} in (${types}) then ${earliest} + make_interval(secs => (${wait})::float8)
    else ${earliest} end)`;
}
