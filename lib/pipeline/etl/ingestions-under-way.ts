import { sql } from "drizzle-orm";
import type { Db } from "../../db/client";
import { hasPostgresCode } from "../../db/postgres-code";
import { lockInTx, withTx } from "../../db/tx";

const NAME = "meter-data.ingestions";
const LOCK_NOT_AVAILABLE = "55P03";

/** Who waits holds up ingestions that want to begin: no longer than people notice. */
const LONGEST_WAIT_MILLISECONDS = 5_000;

/** Counts the transaction among the ingestions under way until it ends. First in it: who waits here has to hold nothing. */
export async function beginIngestion(tx: Db): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock_shared(hashtextextended(${NAME}, 0))`);
}

/**
 * Waits until every ingestion that has begun is committed or undone. What such a one read is older than the call; what begins
 * from now on reads what was committed before it. False where they take too long: ask again.
 */
export async function ingestionsHaveEnded(db: Db): Promise<boolean> {
  try {
    await withTx(db, async (tx) => {
      await tx.execute(sql`select set_config('lock_timeout', ${`${LONGEST_WAIT_MILLISECONDS}ms`}, true)`);
      await lockInTx(tx, NAME);
    });
    return true;
  } catch (error) {
    if (hasPostgresCode(error, LOCK_NOT_AVAILABLE)) return false;
    throw error;
  }
}
