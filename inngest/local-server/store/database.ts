import postgres from "postgres";
import { migrations } from "./migrations";

/** The server's connections. Tables are found by the search path, so that statements read without a prefix. */
export type Database = postgres.Sql;

/** A transaction in progress. */
export type Tx = postgres.TransactionSql;

const schema = "inngest_local";

const options = {
  connection: { search_path: schema, application_name: "inngest-local-server" },
  onnotice: () => undefined,
};

/** Opens connections for single statements. They see only the server's own schema. */
export function connect(databaseUrl: string, maxConnections: number): Database {
  return postgres(databaseUrl, { ...options, max: maxConnections });
}

/** Creates the schema and brings it up to date. Two servers that start at once wait for each other. */
export async function migrate(transactions: Transactions): Promise<void> {
  await transactions.run(async (tx) => {
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

/**
 * Runs transactions, on connections that serve nothing else and never more of them than there are connections. The
 * driver would otherwise send a BEGIN after other statements on a busy connection, and when that one's socket is full
 * it takes the BEGIN for a mistake (UNSAFE_TRANSACTION) and leaves the connection inside a transaction of nobody.
 */
export class Transactions {
  readonly #sql: Database;
  readonly #waiting: (() => void)[] = [];
  #free: number;

  constructor(databaseUrl: string, maxConnections: number) {
    this.#sql = postgres(databaseUrl, { ...options, max: maxConnections });
    this.#free = maxConnections;
  }

  /** Runs one transaction, again when PostgreSQL chose it as the victim of a deadlock. */
  async run<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    await this.#enter();
    try {
      for (let attempt = 1; ; attempt += 1) {
        try {
          return (await this.#sql.begin(work)) as T;
        } catch (error) {
          const isDeadlock = error instanceof postgres.PostgresError && error.code === deadlockDetected;
          if (!isDeadlock || attempt >= 5) throw error;
        }
      }
    } finally {
      this.#leave();
    }
  }

  async end(): Promise<void> {
    await this.#sql.end({ timeout: 5 });
  }

  async #enter(): Promise<void> {
    if (this.#free > 0) this.#free -= 1;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  #leave(): void {
    const next = this.#waiting.shift();
    if (next) next();
    else this.#free += 1;
  }
}
