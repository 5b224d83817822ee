import { migrations } from "./migrations";
import type { Transactions } from "./transactions";

/** Creates the schema and brings it up to date. Two servers that start at once wait for each other. */
export async function migrate(transactions: Transactions): Promise<void> {
  await transactions.run(async (tx) => {
    await tx`select pg_advisory_xact_lock(hashtextextended('inngest_local.migrate', 0))`;
    await tx`create schema if not exists inngest_local`;
    await tx`create table if not exists migration (name text primary key, applied_at timestamptz not null default now())`;
    const rows = await tx<{ name: string }[]>`select name from migration`;
    const applied = new Set(rows.map((row) => row.name));
    for (const migration of migrations) {
      if (applied.has(migration.name)) continue;
      await tx.unsafe(migration.sql);
      await tx`insert into migration (name) values (${migration.name})`;
    }
  });
}
