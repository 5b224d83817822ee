import { sql } from "drizzle-orm";
import type { Db } from "../db/client";
import { lockInTx, withTx } from "../db/tx";
import { arrayLiteral } from "../pipeline/etl/array-literal";
import { addDuration, startOfDay } from "../time";
import { checkStretch } from "./check-stretch";
import { futureStamp } from "./checks/future-stamp";

/** Longest stretch of one transaction; the rest stays noted. A month of five-minute readings is 9,000 rows. */
const LONGEST_DAYS = 31;
const METERS_A_ROUND = 50;
/** A backfill that never pauses is checked all the same. */
const LONGEST_WAIT_MINUTES = 5;

export interface CheckedCount {
  /** Stretches that were checked. */
  stretches: number;
  /** True where there is more than the time allowed. */
  hasMore: boolean;
}

/**
 * Checks what ingestion noted, meter by meter, oldest first, until `until`. A stretch is forgotten in the transaction that
 * stores its findings: whatever is cut off is done again, whatever is done twice changes nothing. A meter is left alone until nothing
 * has changed it for `quietSeconds`: what a backfill brings piece by piece is checked at once, not with the days around each piece.
 */
export async function checkReadings(db: Db, now: () => Date, until: Date, quietSeconds = 0): Promise<CheckedCount> {
  // No reading changes when what was in the future has come to be the past.
  await db.execute(sql`
    insert into reading_changes (meter_id, from_at, to_at)
    select meter_id, from_at, to_at from findings
    where "check" = ${futureStamp.name} and cleared_at is null and to_at <= ${now().toISOString()}::timestamptz`);
  let count = 0;
  const failed = new Map<string, unknown>();
  for (;;) {
    const waiting = await db.execute<{ meter_id: string }>(sql`
      select meter_id from reading_changes where meter_id <> all(${arrayLiteral([...failed.keys()])}::uuid[])
      group by meter_id
      having max(created_at) <= now() - make_interval(secs => ${quietSeconds})
        or min(created_at) <= now() - make_interval(mins => ${LONGEST_WAIT_MINUTES})
      order by min(created_at) limit ${METERS_A_ROUND}`);
    if (waiting.length === 0) break;
    for (const { meter_id } of waiting) {
      if (now() >= until) return ended({ stretches: count, hasMore: true }, failed);
      try {
        count += await checkMeter(db, meter_id, now());
      } catch (error) {
        // Its note stays. One meter that cannot be checked is no reason to leave the others.
        failed.set(meter_id, error);
      }
    }
  }
  return ended({ stretches: count, hasMore: false }, failed);
}

/**
 * Checks what is noted of these stretches now: whoever judges readings by their findings cannot wait for the next round. Returns the
 * meters that could not be checked, with why.
 */
export async function checkNoted(
  db: Db,
  stretches: readonly { meterId: string; from: Date; to: Date }[],
  now: () => Date,
): Promise<Map<string, unknown>> {
  const failed = new Map<string, unknown>();
  for (;;) {
    const noted = await db.execute<{ meter_id: string }>(sql`
      select distinct c.meter_id from unnest(${arrayLiteral(stretches.map(({ meterId }) => meterId))}::uuid[],
        ${arrayLiteral(stretches.map(({ from }) => from.toISOString()))}::timestamptz[],
        ${arrayLiteral(stretches.map(({ to }) => to.toISOString()))}::timestamptz[]) as s(meter_id, from_at, to_at)
      join reading_changes c on c.meter_id = s.meter_id and c.from_at < s.to_at and c.to_at > s.from_at
      where c.meter_id <> all(${arrayLiteral([...failed.keys()])}::uuid[])`);
    if (noted.length === 0) return failed;
    for (const { meter_id } of noted) {
      try {
        await checkMeter(db, meter_id, now());
      } catch (error) {
        failed.set(meter_id, error);
      }
    }
  }
}

function ended(count: CheckedCount, failed: ReadonlyMap<string, unknown>): CheckedCount {
  if (failed.size === 0) return count;
  const [[meterId, cause] = []] = failed;
  throw new Error(`Readings of ${failed.size} meters could not be checked, such as those of ${meterId}.`, { cause });
}

async function checkMeter(db: Db, meterId: string, now: Date): Promise<number> {
  return withTx(db, async (tx) => {
    // One at a time a meter: two would store the same finding twice, or wait for each other's rows.
    await lockInTx(tx, `findings:${meterId}`);
    const [meter] = await tx.execute<{ timezone: string }>(
      sql`select timezone from meters where id = ${meterId}::uuid`,
    );
    const [noted] = await tx.execute<{ from_at: string; to_at: string }>(sql`
      select from_at, to_at from reading_changes where meter_id = ${meterId}::uuid order by from_at limit 1`);
    if (!meter || !noted) return 0;
    const from = startOfDay(new Date(noted.from_at), meter.timezone);
    const furthest = addDuration(from, `P${LONGEST_DAYS}D`, meter.timezone);
    // Whatever begins inside goes with it, for as far as one transaction may go; what lies beyond is noted again.
    const taken = await tx.execute<{ to_at: string; created_at: string }>(sql`
      delete from reading_changes
      where meter_id = ${meterId}::uuid and from_at < ${furthest.toISOString()}::timestamptz returning to_at, created_at`);
    const last = Math.max(...taken.map(({ to_at }) => new Date(to_at).getTime()));
    if (last > furthest.getTime()) {
      await tx.execute(sql`
        insert into reading_changes (meter_id, from_at, to_at, created_at)
        values (${meterId}::uuid, ${furthest.toISOString()}::timestamptz, ${new Date(last).toISOString()}::timestamptz,
          ${taken[0]?.created_at ?? null}::timestamptz)`);
    }
    const end = addDuration(startOfDay(new Date(last - 1), meter.timezone), "P1D", meter.timezone);
    const to = new Date(Math.min(end.getTime(), furthest.getTime()));
    await checkStretch(tx, meterId, { from, to }, meter.timezone, now);
    return taken.length;
  });
}
