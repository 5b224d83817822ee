import postgres from "postgres";
import { migrations } from "./migrations";

/** The server's connections. Tables are found by the search path, so that statements read without a prefix. */
export type Database = postgres.Sql;

/** A transaction in progress. */
export type Tx = postgres.TransactionSql;

const schema = "inngest_local";

/** Opens the connections of a server. They all see only the server's own schema. */
export function connect(databaseUrl: string, maxConnections: number): Database {
  return postgres(databaseUrl, {
    max: maxConnections,
    connection: { search_path: schema, application_name: "inngest-local-server" },
    onnotice: () => undefined,
  });
}

/** Creates the schema and brings it up to date. Two servers that start at once wait for each other. */
export async function migrate(sql: Database): Promise<void> {
  await sql.begin(async (tx) => {
    await tx`select pg_advisory_xact_lock(hashtextextended('inngest_local.migrate', 0))`;
    await tx`create schema if not exists ${tx(schema)}`;
    await tx`create table if not exists migration (name text primary key, applied_at timestamptz not null default now())`;
    const applied = new Set((await tx<{ name: string }[]>`select name from migration`).map((row) => row.name));
    for (const migration of migrations) {
      if (applied.has(migration.name)) continue;
      await tx.unsafe(migration.sql);
      await tx`insert into migration (name) values (${migration.name})`;
    }
  });
}

const deadlockDetected = "40P01";

/** Runs a transaction, again when PostgreSQL chose it as the victim of a deadlock. */
export async function inTransaction<T>(sql: Database, work: (tx: Tx) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return (await sql.begin(work)) as T;
    } catch (error) {
      const isDeadlock = error instanceof postgres.PostgresError && error.code === deadlockDetected;
      if (!isDeadlock || attempt >= 5) throw error;
    }
  }
}
