import type { PgDatabase } from "drizzle-orm/pg-core";
import type { PostgresJsQueryResultHKT } from "drizzle-orm/postgres-js";
import { drizzle } from "drizzle-orm/postgres-js";
import postgres from "postgres";

/** A database or a transaction in it: verbs cannot tell which, so they compose. */
export type Db = PgDatabase<PostgresJsQueryResultHKT, Record<string, never>>;

export interface DatabaseHandle {
  db: Db;
  /** Closes all connections, waiting up to five seconds for queries that run. */
  close(): Promise<void>;
}

/** A backend that has merged batches holds ten megabytes and more: in quiet times they are given back. */
const IDLE_SECONDS = 30;

/**
 * Opens a pool. Instants come back from raw SQL as text and are sent as ISO 8601 text (drizzle's setting); typed
 * queries give Date. `numeric` comes back as text: convert at the edge, so that no digit is lost before.
 */
export function openDatabase(url: string, options: { max?: number; applicationName?: string } = {}): DatabaseHandle {
  const client = postgres(url, {
    max: options.max ?? 10,
    idle_timeout: IDLE_SECONDS,
    // Compiling a plan takes longer than any statement here that is not rare: 0.2 s of a batch, and more of a fleet's year.
    connection: { application_name: options.applicationName ?? "meterproof", TimeZone: "UTC", jit: "off" },
    // "relation already exists, skipping" and the like are no news.
    onnotice: () => undefined,
  });
  return { db: drizzle(client), close: () => client.end({ timeout: 5 }) };
}
