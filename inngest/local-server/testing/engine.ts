import type { Engine } from "../engine";
import { FunctionRegistry } from "../registration/registry";
import { resolveSettings } from "../settings";
import { connect } from "../store/database";
import { migrate } from "../store/migrate";
import { Transactions } from "../store/transactions";
import { keys } from "./app";

/** An engine without a server around it, for tests of single parts on an empty, migrated database. */
export async function testEngine(databaseUrl: string): Promise<Engine & { close(): Promise<void> }> {
  const sql = connect(databaseUrl, 2);
  const transactions = new Transactions(databaseUrl, 3);
  await migrate(transactions);
  return {
    sql,
    transactions,
    settings: resolveSettings({ databaseUrl, port: 0, sdkUrls: [], log: () => undefined, ...keys }),
    functions: new FunctionRegistry(),
    emit: async () => undefined,
    jobsChanged: () => undefined,
    timersChanged: () => undefined,
    close: async () => {
      await Promise.all([sql.end(), transactions.end()]);
    },
  };
}
