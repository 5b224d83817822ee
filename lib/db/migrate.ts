import { fileURLToPath } from "node:url";
import { drizzle } from "drizzle-orm/postgres-js";
import { migrate } from "drizzle-orm/postgres-js/migrator";
import postgres from "postgres";
import { Unavailable } from "../errors";

const OLDEST_POSTGRES = 15;

/** Brings a database up to date. Two processes that start at once take turns; a second run changes nothing. */
export async function migrateDatabase(url: string, folder = fileURLToPath(new URL("../../drizzle", import.meta.url))) {
  const client = postgres(url, { max: 1, onnotice: () => undefined });
  try {
    const [row] = await client`select current_setting('server_version_num')::int / 10000 as major`;
    if (!row || row.major < OLDEST_POSTGRES) {
      throw new Unavailable(`PostgreSQL ${row?.major} is too old: Meterproof needs ${OLDEST_POSTGRES} or newer.`);
    }
    await client`select pg_advisory_lock(hashtextextended('meterproof.migrate', 0))`;
    await migrate(drizzle(client), { migrationsFolder: folder });
  } finally {
    await client.end({ timeout: 5 });
  }
}
