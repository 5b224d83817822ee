import { type SQL, sql } from "drizzle-orm";
import { vi } from "vitest";
import type { Db } from "../db/client";
import { withTx } from "../db/tx";

/**
 * Starts all attempts while `lock` (a `select … for update`) is held, lets go when every one of them waits in the database,
 * and tells how they ended: a race that happens every time. The pool needs two connections more than there are attempts.
 */
export async function raceBehind<T>(
  db: Db,
  lock: SQL,
  attempts: (() => Promise<T>)[],
): Promise<PromiseSettledResult<T>[]> {
  const outcome = await withTx(db, async (tx) => {
    await tx.execute(lock);
    const ended = Promise.allSettled(attempts.map((attempt) => attempt()));
    await vi.waitFor(
      async () => {
        const [row] = await db.execute<{ waiting: number }>(sql`
          select count(*)::int as waiting from pg_stat_activity
          where datname = current_database() and wait_event_type = 'Lock'`);
        if (row?.waiting !== attempts.length) throw new Error(`${row?.waiting} of ${attempts.length} attempts wait.`);
      },
      { timeout: 10_000, interval: 20 },
    );
    // In an object: a promise would be awaited before the transaction, and with it the lock, ends.
    return { ended };
  });
  return outcome.ended;
}
