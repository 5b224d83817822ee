import { sql } from "drizzle-orm";
import { SourceError } from "../connectors/source-error";
import type { Db } from "../db/client";

const TOO_MANY_REQUESTS = 429;

/**
 * After a 429 nobody calls the account before the instant the vendor named: the other meters behind the same key would only be
 * refused too, and some vendors lengthen the pause then. Everything but such an answer is left alone.
 */
export async function holdAccount(db: Db, accountKey: string, error: unknown, now: Date): Promise<void> {
  if (!(error instanceof SourceError) || error.answer?.status !== TOO_MANY_REQUESTS) return;
  if (!error.retryAt || error.retryAt <= now) return;
  const window = error.waitReason === "quota" ? "day" : "second";
  await db.execute(sql`
    update source_quotas set
      used = case when reset_at > ${now.toISOString()}::timestamptz then greatest(used, "limit") else "limit" end,
      reset_at = ${until(window, error.retryAt)}, updated_at = ${now.toISOString()}::timestamptz
    where account_key = ${accountKey} and "window" = ${window}`);
}

/** Where the vendor's day ends is the vendor's word. A pause between calls is never made shorter by a later one. */
function until(window: "second" | "day", retryAt: Date) {
  const told = sql`${retryAt.toISOString()}::timestamptz`;
  return window === "day" ? told : sql`greatest(reset_at, ${told})`;
}
