import { randomBytes } from "node:crypto";
import postgres from "postgres";
import { afterAll, beforeAll } from "vitest";
import { type Db, openDatabase } from "./client";

/**
 * A database of its own for the suite, cloned from a template that was migrated once (about 30 ms). TEST_DATABASE_URL is
 * set by the test runner's global set-up. Call at the top of a suite; use `database.db` inside tests.
 */
export function testDatabase(): { readonly db: Db; readonly url: string } {
  let current: { db: Db; url: string; drop(): Promise<void> } | undefined;
  beforeAll(async () => {
    current = await createTestDatabase();
  });
  afterAll(async () => {
    await current?.drop();
  });
  const get = () => {
    if (!current) throw new Error("The test database is there from beforeAll on.");
    return current;
  };
  return {
    get db() {
      return get().db;
    },
    get url() {
      return get().url;
    },
  };
}

export async function createTestDatabase() {
  const adminUrl = process.env.TEST_DATABASE_URL;
  const template = process.env.TEST_DATABASE_TEMPLATE;
  if (!adminUrl || !template)
    throw new Error("Run tests with `npm test` or `npx vitest`: the set-up gives the database.");
  const name = `t_${randomBytes(6).toString("hex")}`;
  const admin = postgres(adminUrl, { max: 1, onnotice: () => undefined });
  await admin`create database ${admin(name)} template ${admin(template)}`;
  const url = new URL(adminUrl);
  url.pathname = `/${name}`;
  const handle = openDatabase(url.href, { max: 8 });
  return {
    db: handle.db,
    url: url.href,
    drop: async () => {
      await handle.close();
      await admin`drop database ${admin(name)} with (force)`;
      await admin.end();
    },
  };
}
