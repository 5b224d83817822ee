import { sql } from "drizzle-orm";
import type { TransactionSql } from "postgres";
import type { Db } from "./client";

/** Runs `work` in one transaction (a savepoint inside another), rolled back if it throws. */
export function withTx<T>(db: Db, work: (tx: Db) => Promise<T>): Promise<T> {
  return db.transaction((tx) => work(tx as Db));
}

/**
 * The postgres.js transaction below a drizzle one: `COPY … FROM STDIN` is only there. Throws outside of a transaction,
 * where statements could run on different connections.
 */
export function rawSql(tx: Db): TransactionSql {
  const client = (tx as unknown as { session?: { client?: TransactionSql & { begin?: unknown } } }).session?.client;
  if (!client || "begin" in client) throw new Error("rawSql needs a transaction: call it inside withTx.");
  return client;
}

/** Holds a lock named by text until the transaction ends. Take several in sorted order, or two may wait for each other. */
export async function lockInTx(tx: Db, name: string): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${name}, 0))`);
}
