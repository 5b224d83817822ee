import { sql } from "drizzle-orm";
import type { QuotaLimit } from "../connectors/contract";
import type { Db } from "../db/client";

/** A vendor's word on a reset further away than this is not believed. */
const LONGEST_DAY_MILLISECONDS = 25 * 3_600_000;

/**
 * Takes over what an answer said of the account's limits. Of a day also what is left and when it resets: the count is only
 * ever raised by it, because calls of ours may be under way that the vendor had not counted yet. Of a second only the
 * limit: what was left of it is history when the answer arrives.
 */
export async function learnQuota(
  db: Db,
  accountKey: string,
  told: readonly QuotaLimit[],
  now: Date = new Date(),
): Promise<void> {
  const at = sql`${now.toISOString()}::timestamptz`;
  for (const { window, limit, remaining, resetAt } of told) {
    const used = window === "day" && remaining !== undefined ? Math.max(0, limit - remaining) : 0;
    const reset = window === "day" && isPlausible(resetAt, now) ? resetAt.toISOString() : null;
    await db.execute(sql`
      update source_quotas set
        "limit" = ${limit}, used = greatest(used, ${used}), reset_at = coalesce(${reset}::timestamptz, reset_at),
        updated_at = ${at}
      where account_key = ${accountKey} and "window" = ${window} and (${window} = 'second' or reset_at > ${at})
        and ("limit" <> ${limit} or used < ${used}
          -- Resets told in seconds from now wander by a second or two.
          or abs(extract(epoch from reset_at - ${reset}::timestamptz)) > 5)`);
  }
}

function isPlausible(resetAt: Date | undefined, now: Date): resetAt is Date {
  if (!resetAt) return false;
  const away = resetAt.getTime() - now.getTime();
  return away > 0 && away <= LONGEST_DAY_MILLISECONDS;
}
