import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import postgres from "postgres";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { keys, testClient } from "./testing/app";
import { freePort, killAll, Mortal } from "./testing/mortal";
import { createTestDatabase, type TestDatabase } from "./testing/postgres";
import { pause } from "./testing/world";

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const leaseMs = 1_000;

let database: TestDatabase;
let sql: postgres.Sql;
let folder: string;

beforeAll(async () => {
  database = await createTestDatabase();
  sql = postgres(database.url, { max: 2, connection: { search_path: "inngest_local" }, onnotice: () => undefined });
  folder = mkdtempSync(join(tmpdir(), "inngest-local-crash-"));
});
afterEach(killAll);
afterAll(async () => {
  await sql.end();
  await database.drop();
  rmSync(folder, { recursive: true, force: true });
});

/** With a short lease and short pauses, so that a test need not wait for them. */
const environment = {
  INNGEST_SIGNING_KEY: keys.signingKey,
  INNGEST_EVENT_KEY: keys.eventKey,
  INNGEST_LOCAL_LEASE_MS: String(leaseMs),
  INNGEST_LOCAL_SYNC_INTERVAL_MS: "500",
  INNGEST_LOCAL_BACKOFF_MS: "200",
};

interface Scene {
  server: Mortal;
  app: Mortal;
  send(name: string, count: number): Promise<void>;
  lines(): string[];
}

async function scene(name: string): Promise<Scene> {
  const [serverPort, appPort] = [await freePort(), await freePort()];
  const file = join(folder, `${name}.log`);
  const serverUrl = `http://127.0.0.1:${serverPort}`;
  const appUrl = `http://127.0.0.1:${appPort}/api/inngest`;
  await sql`drop schema if exists inngest_local cascade`;
  const server = new Mortal(
    [here("main.ts"), "--port", `${serverPort}`, "--database", database.url, "--sdk-url", appUrl],
    environment,
  );
  const app = new Mortal([here("testing/crash-app.ts"), serverUrl, `${appPort}`, file], environment);
  server.start();
  app.start();
  await until(async () => {
    const [row] = await sql`select 1 from pg_tables where schemaname = 'inngest_local' and tablename = 'cron'`;
    return row !== undefined && (await sql`select 1 from function`).length > 0;
  });
  const client = testClient(serverUrl);
  return {
    server,
    app,
    send: async (event, count) => {
      await client.send(Array.from({ length: count }, (_, n) => ({ name: event, data: { n } })));
    },
    lines: () => readFileSync(file, "utf8").trim().split("\n"),
  };
}

async function until(holds: () => Promise<boolean>, timeoutMs = 60_000): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`It did not happen: ${holds}`);
    await pause(50);
  }
}

async function unfinished(): Promise<number> {
  return (await sql`select 1 from run where ended_at is null`).length;
}

describe("kill -9", () => {
  it("of either side, at random moments, loses no run and repeats only a step that was under way", async () => {
    const { server, app, send, lines } = await scene("random");
    await send("work/run", 12);
    let kills = 0;
    for (const victim of [app, server, app, server]) {
      await pause(150 + Math.random() * 700);
      await victim.kill();
      kills += 1;
      await pause(Math.random() * 200);
      victim.start();
      // Give it time to come up, or it would only ever be killed while starting.
      await pause(1_300);
    }
    await until(async () => (await unfinished()) === 0);
    // With the errors, so that a run that failed says why.
    expect(await sql`select status, output from run where status <> 'completed'`).toEqual([]);
    expect(await sql`select 1 from run`).toHaveLength(12);

    const log = lines();
    const count = (line: string): number => log.filter((other) => other === line).length;
    const steps = Array.from({ length: 12 }, (_, n) =>
      ["a", "b", "c", "d", "x", "y"].map((name) => `${n}${name}`),
    ).flat();
    let repeated = 0;
    for (const step of steps) {
      expect(count(`end ${step}`), `${step} ended`).toBeGreaterThanOrEqual(1);
      // One kill can only repeat a step that it interrupted, so never more often than there were kills.
      expect(count(`begin ${step}`), `${step} began`).toBeLessThanOrEqual(1 + kills);
      repeated += count(`begin ${step}`) - 1;
    }
    // At one moment each of the twelve runs has at most two steps under way, and most have one or none.
    expect(repeated).toBeLessThanOrEqual(kills * 12);
    // A finished step is never begun again: everything of a run's later steps comes after the last trace of its earlier.
    for (let n = 0; n < 12; n += 1) {
      const order = ["a", "b", "c", "d"].map((name) => [
        log.indexOf(`begin ${n}${name}`),
        log.lastIndexOf(`end ${n}${name}`),
      ]);
      for (let index = 1; index < order.length; index += 1) {
        expect(order[index]?.[0]).toBeGreaterThan(order[index - 1]?.[1] ?? 0);
      }
    }
  }, 120_000);

  it("of nobody: a step longer than its lease is run once", async () => {
    const { send, lines } = await scene("slow");
    await send("slow/run", 1);
    await until(async () => (await sql`select 1 from run where status = 'completed'`).length === 1);
    expect(lines().filter((line) => line.endsWith("slow"))).toEqual(["begin slow", "end slow"]);
  }, 120_000);

  it("of the server while a step runs: it is taken up again within seconds, and the run ends", async () => {
    const { server, send, lines } = await scene("server");
    await send("slow/run", 1);
    await until(async () => lines().includes("begin slow"));
    await server.kill();
    const killedAt = Date.now();
    server.start();
    await until(async () => lines().filter((line) => line === "begin slow").length === 2);
    // The lease, and what a process needs to start on a machine that is busy with other tests.
    expect(Date.now() - killedAt).toBeLessThan(leaseMs + 15_000);
    await until(async () => (await unfinished()) === 0);
    expect(await sql`select status from run`).toEqual([{ status: "completed" }]);
  }, 120_000);
});
