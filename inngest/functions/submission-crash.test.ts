import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { sql } from "drizzle-orm";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Arrival } from "@/e2e/simulators/guardian/arrivals";
import { type GuardianSimulator, startGuardianSimulator } from "@/e2e/simulators/guardian/simulator";
import { enrol } from "@/e2e/simulators/guardian/testing";
import { mrvRecords } from "@/lib/db/schema";
import { testDatabase } from "@/lib/db/testing";
import { secretEnvironment } from "@/lib/devices/testing";
import { sweepSubmissions } from "@/lib/mrv/submission/sweep-submissions";
import { anApproved, anOutboxWorker } from "@/lib/mrv/submission/testing";
import { keys, testClient } from "../local-server/testing/app";
import { freePort, killAll, Mortal } from "../local-server/testing/mortal";

// The outbox in a process of its own, killed while records are on their way to a Guardian that takes its time.
const database = testDatabase();
const RECORDS = 24;
const KILLS = 3;
const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

let guardian: GuardianSimulator;
beforeEach(async () => {
  guardian = await startGuardianSimulator({ port: 0 });
});
afterEach(async () => {
  killAll();
  await guardian.close();
});

const arrivals = async () =>
  ((await (await fetch(`${guardian.origin}/__sim/documents`)).json()) as { documents: Arrival[] }).documents;

async function startBoth() {
  const [serverPort, appPort] = [await freePort(), await freePort()];
  const environment = {
    ...secretEnvironment,
    DATABASE_URL: database.url,
    DATABASE_POOL_SIZE: "6",
    ARCHIVE_URL: "file:/nowhere",
    METERPROOF_ALLOWED_ADDRESSES: "127.0.0.1",
    INNGEST_BASE_URL: `http://127.0.0.1:${serverPort}`,
    INNGEST_SIGNING_KEY: keys.signingKey,
    INNGEST_EVENT_KEY: keys.eventKey,
    INNGEST_LOCAL_LEASE_MS: "1000",
    INNGEST_LOCAL_SYNC_INTERVAL_MS: "500",
    INNGEST_LOCAL_BACKOFF_MS: "200",
  };
  const sdkUrl = `http://127.0.0.1:${appPort}/api/inngest`;
  const server = new Mortal(
    [here("../local-server/main.ts"), "--port", `${serverPort}`, "--database", database.url, "--sdk-url", sdkUrl],
    environment,
  );
  const app = new Mortal([here("testing/crash-app.ts"), `${appPort}`], environment);
  server.start();
  app.start();
  const isRegistered = async () => {
    const [there] = await database.db.execute<{ table: string | null }>(
      sql`select to_regclass('inngest_local.function')::text as "table"`,
    );
    return there?.table != null && (await database.db.execute(sql`select from inngest_local.function`)).length > 0;
  };
  await expect.poll(isRegistered, { timeout: 60_000 }).toBe(true);
  const dispatch = () => testClient(environment.INNGEST_BASE_URL).send({ name: "meter/dispatch.requested", data: {} });
  return { app, dispatch };
}

describe("kill -9 while records are on their way", () => {
  it("sends none of them twice, and leaves to a person exactly those that were under way", async () => {
    for (let index = 0; index < RECORDS; index++) {
      const from = await enrol({}, `meter ${index}`);
      guardian.register(from.policy, [from.device.didDocument]);
      await anApproved(database.db, { from, guardianUrl: guardian.baseUrl });
    }
    await fetch(`${guardian.origin}/__sim/faults`, { method: "POST", body: '{"slow":{"rate":1,"seconds":0.4}}' });
    const { app, dispatch } = await startBoth();
    await dispatch();
    for (let kill = 1; kill <= KILLS; kill++) {
      const before = (await arrivals()).length;
      await expect
        .poll(async () => (await arrivals()).length, { timeout: 60_000, interval: 5 })
        .toBeGreaterThan(before);
      await pause(Math.random() * 300);
      await app.kill();
      app.start();
    }

    // What died is on its way until its deadline: here the sweep looks five minutes ahead, when no event is lost any more.
    const open = () => database.db.$count(mrvRecords, sql`status in ('approved', 'submitting')`);
    const ahead = anOutboxWorker(database.db);
    ahead.aheadMs = 300_000;
    const untouched = () => database.db.$count(mrvRecords, sql`status = 'approved'`);
    await expect.poll(untouched, { timeout: 90_000, interval: 200 }).toBe(0);
    await pause(2_000);
    await sweepSubmissions(ahead);
    expect(await open()).toBe(0);

    const records = await database.db.select().from(mrvRecords);
    const seen = await arrivals();
    const timesOf = ({ credentialId }: (typeof records)[number]) =>
      seen.filter((arrival) => arrival.credentialId === credentialId).length;
    const submitted = records.filter(({ status }) => status === "submitted");
    const unknown = records.filter(({ status }) => status === "submission_unknown");
    expect(submitted.length + unknown.length).toBe(RECORDS);
    expect(submitted.map(timesOf)).toEqual(submitted.map(() => 1));
    expect(Math.max(...unknown.map(timesOf))).toBe(1);
    expect(seen.every(({ verdict }) => verdict === "VERIFIED")).toBe(true);
    // Of a Guardian four are under way at once.
    expect(unknown.length).toBeLessThanOrEqual(KILLS * 4);
    expect(submitted.length).toBeGreaterThanOrEqual(RECORDS - KILLS * 4);
    const attempts = await database.db.execute<{ n: number }>(sql`select count(*)::int as n from mrv_submissions`);
    expect(attempts[0]?.n).toBe(RECORDS);
  }, 240_000);
});
