import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import postgres from "postgres";
import { migrateDatabase } from "../lib/db/migrate";

/**
 * Vitest's global set-up: one PostgreSQL for all suites (TEST_DATABASE_URL where given, else an embedded one), a migrated template
 * database that each suite clones, and a folder for what tests write (TEST_FOLDER), removed at the end.
 */
export default async function setUp() {
  let stop: (() => Promise<void>) | undefined;
  const folder = await mkdtemp(join(tmpdir(), "meterproof-tests-"));
  process.env.TEST_FOLDER = folder;
  if (!process.env.TEST_DATABASE_URL) {
    const { startEmbeddedPostgres } = await import("./postgres");
    const dataDir = await mkdtemp(join(tmpdir(), "meterproof-test-"));
    const server = await startEmbeddedPostgres({ dataDir, isThrowaway: true });
    process.env.TEST_DATABASE_URL = server.url;
    stop = async () => {
      await server.stop();
      await rm(dataDir, { recursive: true, force: true });
    };
  }
  const adminUrl = process.env.TEST_DATABASE_URL;
  const template = `template_${process.pid}`;
  const admin = postgres(adminUrl, { max: 1, onnotice: () => undefined });
  await admin`create database ${admin(template)}`;
  const url = new URL(adminUrl);
  url.pathname = `/${template}`;
  await migrateDatabase(url.href);
  process.env.TEST_DATABASE_TEMPLATE = template;
  return async () => {
    await admin`drop database ${admin(template)} with (force)`;
    await admin.end();
    await stop?.();
    await rm(folder, { recursive: true, force: true });
  };
}
