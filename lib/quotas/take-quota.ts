import { type SQL, sql } from "drizzle-orm";
import type { QuotaLimit } from "../connectors/contract";
import { SourceError } from "../connectors/source-error";
import type { Db } from "../db/client";

/** How long a call waits for a free second before its task is put off. */
const LONGEST_WAIT_MILLISECONDS = 20_000;
const PUT_OFF_MILLISECONDS = 30_000;

/**
 * Takes one call of an account from all its windows, before the call is made. `declared` are the limits that hold until
 * the vendor has told its own. A spent second is waited for; a spent day throws SourceError `QUOTA_SPENT` that names its reset.
 * What is taken is written down first, so a restart never calls more than the account allows.
 */
export async function takeQuota(
  db: Db,
  accountKey: string,
  declared: readonly QuotaLimit[],
  now: () => Date = () => new Date(),
): Promise<void> {
  if (declared.length === 0) return;
  const giveUpAt = now().getTime() + LONGEST_WAIT_MILLISECONDS;
  for (;;) {
    const spent = await tryTake(db, accountKey, declared, now());
    if (!spent) return;
    if (spent.window === "day") throw quotaSpent(spent, declared);
    if (spent.resetAt.getTime() > giveUpAt) throw accountHeld(spent.resetAt);
    if (now().getTime() >= giveUpAt) throw accountBusy(now());
    // Spread, so that those who wait do not all come back in the same millisecond.
    const wait = Math.max(spent.resetAt.getTime() - now().getTime(), 0) + 5 + Math.random() * 50;
    await new Promise((resolve) => setTimeout(resolve, Math.min(wait, 1_100)));
  }
}

export interface SpentWindow {
  window: QuotaLimit["window"];
  limit: number;
  resetAt: Date;
}

/**
 * One attempt, one statement. Null: taken from every window. Otherwise nothing is taken and the window that is spent
 * longest is returned.
 */
export async function tryTake(
  db: Db,
  accountKey: string,
  declared: readonly QuotaLimit[],
  now: Date,
): Promise<SpentWindow | null> {
  await redeclare(db, accountKey, declared, now);
  for (;;) {
    const rows = await takeStatement(db, accountKey, now);
    if (rows.length >= declared.length) {
      const spent = rows
        .filter((row) => row.is_spent)
        .map((row) => ({ window: row.window, limit: row.limit, resetAt: new Date(row.reset_at) }))
        .sort((a, b) => b.resetAt.getTime() - a.resetAt.getTime());
      return spent[0] ?? null;
    }
    await openWindows(db, accountKey, declared, now);
  }
}

interface WindowRow extends Record<string, unknown> {
  window: QuotaLimit["window"];
  limit: number;
  is_spent: boolean;
  reset_at: string;
}

// Lock, look and take in one statement, all windows or none. `for update` waits for takers before us and then reads what
// they left; `used + 1` in the update is computed on that same row. 4 processes with 10 takers each on one account:
// 1,100 takes a second on two cores, never one too many.
async function takeStatement(db: Db, accountKey: string, now: Date): Promise<WindowRow[]> {
  const at = sql`${now.toISOString()}::timestamptz`;
  return db.execute<WindowRow>(sql`
    with locked as materialized (
      select "window", "limit", reset_at, reset_at > ${at} and used >= ${capacityOf(sql`"window"`, sql`"limit"`)} as is_spent
      from source_quotas where account_key = ${accountKey} order by "window" for update
    ), taken as (
      update source_quotas q set
        used = case when q.reset_at > ${at} then q.used + 1 else 1 end,
        window_start = case when q.reset_at > ${at} then q.window_start else ${at} end,
        reset_at = case when q.reset_at > ${at} then q.reset_at else ${resetOf(sql`q."window"`, sql`q."limit"`, now)} end,
        updated_at = ${at}
      from locked l
      where q.account_key = ${accountKey} and q."window" = l."window" and not exists (select from locked where is_spent)
    )
    select * from locked`);
}

async function openWindows(db: Db, accountKey: string, declared: readonly QuotaLimit[], now: Date): Promise<void> {
  const at = sql`${now.toISOString()}::timestamptz`;
  const rows = declared.map(
    ({ window, limit }) =>
      sql`(${accountKey}, ${window}::text, ${at}, ${limit}::int, 0, ${resetOf(sql`${window}::text`, sql`${limit}::int`, now)}, ${at})`,
  );
  await db.execute(sql`
    insert into source_quotas (account_key, "window", window_start, "limit", used, reset_at, updated_at)
    values ${sql.join(rows, sql`, `)} on conflict do nothing`);
}

/** A limit that only a person's settings tell follows them. What was used stays used. */
async function redeclare(db: Db, accountKey: string, declared: readonly QuotaLimit[], now: Date): Promise<void> {
  for (const { window, limit, isDeclared } of declared) {
    if (!isDeclared) continue;
    await db.execute(sql`
      update source_quotas set "limit" = ${limit}, updated_at = ${now.toISOString()}::timestamptz
      where account_key = ${accountKey} and "window" = ${window} and "limit" <> ${limit}`);
  }
}

/**
 * What may be taken in one window. A second's limit is given out in fifths: whichever second the vendor counts, and whenever it
 * begins to, no more than the limit falls into it. A whole second at a time could be taken twice around its end.
 */
function capacityOf(window: SQL, limit: SQL): SQL {
  return sql`(case when ${window} = 'day' then ${limit} else greatest(1, ${limit} / 5) end)`;
}

/**
 * A day ends at 00:00 UTC, as the vendors' do. Of parts of c calls, n + 1 can touch one second: they last 1/n of it with
 * c (n + 1) = limit, and a little longer, because calls do not travel equally fast.
 */
function resetOf(window: SQL, limit: SQL, now: Date): SQL {
  const midnight = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate() + 1));
  const capacity = capacityOf(window, limit);
  return sql`(case when ${window} = 'day' then ${midnight.toISOString()}::timestamptz else ${now.toISOString()}::timestamptz
    + make_interval(secs => 0.02 + ${capacity}::float8 / greatest(1, ${limit} - ${capacity})) end)`;
}

function quotaSpent({ limit, resetAt }: SpentWindow, declared: readonly QuotaLimit[]): SourceError {
  const pause = declared.find(({ window }) => window === "day")?.pauseAfterResetSeconds ?? 0;
  return new SourceError(
    "QUOTA_SPENT",
    `The account's ${limit} calls of this day are used up. It goes on by itself after ${resetAt.toISOString()}.`,
    { isRetryable: true, retryAt: new Date(resetAt.getTime() + pause * 1000), waitReason: "quota" },
  );
}

/** The vendor asked for a pause that is longer than a call should wait. */
function accountHeld(until: Date): SourceError {
  return new SourceError(
    "QUOTA_HELD",
    `The vendor asked this account to pause until ${until.toISOString()}. It goes on by itself after that.`,
    { isRetryable: true, retryAt: until, waitReason: "quota" },
  );
}

function accountBusy(now: Date): SourceError {
  return new SourceError(
    "QUOTA_BUSY",
    "Too many calls wait for this account's limit per second. It goes on by itself.",
    {
      isRetryable: true,
      retryAt: new Date(now.getTime() + PUT_OFF_MILLISECONDS),
      waitReason: "quota",
    },
  );
}
