import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { count, sql } from "drizzle-orm";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openArchive } from "@/lib/archive/open-archive";
import { archiveObjects, meterTasks } from "@/lib/db/schema";
import { testDatabase } from "@/lib/db/testing";
import { anApiMeter, testSecretEnvironment } from "@/lib/pipeline/etl/testing";
import { createDueTasks } from "@/lib/tasks/create-due-tasks";
import { reconcileTasks } from "@/lib/tasks/reconcile-tasks";
import { aJob } from "@/lib/testing/builders";
import { keys, testClient } from "../local-server/testing/app";
import { freePort, killAll, Mortal } from "../local-server/testing/mortal";
import { energyOf, startSlowVendor } from "./testing/slow-vendor";

// The product's functions in a process of their own beside the local server, both killed where it hurts.
const database = testDatabase();
const METERS = 6;
const DAYS = 10;
const HOURS = METERS * DAYS * 24;
const ROWS = HOURS * 12;
const startAt = new Date("2026-04-01T00:00:00Z");
const endAt = new Date(startAt.getTime() + DAYS * 86_400_000);
const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

let folder: string;
let vendor: Awaited<ReturnType<typeof startSlowVendor>>;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "meterproof-crash-"));
  vendor = await startSlowVendor(120);
});
afterEach(async () => {
  killAll();
  await vendor.close();
  await rm(folder, { recursive: true, force: true });
});

async function startBoth() {
  const [serverPort, appPort] = [await freePort(), await freePort()];
  const environment = {
    ...testSecretEnvironment,
    DATABASE_URL: database.url,
    DATABASE_POOL_SIZE: "6",
    ARCHIVE_URL: `file:${folder}`,
    INNGEST_BASE_URL: `http://127.0.0.1:${serverPort}`,
    INNGEST_SIGNING_KEY: keys.signingKey,
    INNGEST_EVENT_KEY: keys.eventKey,
    INNGEST_LOCAL_LEASE_MS: "1000",
    INNGEST_LOCAL_SYNC_INTERVAL_MS: "500",
    INNGEST_LOCAL_BACKOFF_MS: "200",
    WATTWATCHERS_BASE_URL: vendor.url,
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
    const there = await one<{ table: string | null }>(
      sql`select to_regclass('inngest_local.function')::text as "table"`,
    );
    return there.table !== null && (await one(sql`select count(*)::int as n from inngest_local.function`)).n !== 0;
  };
  await expect.poll(isRegistered, { timeout: 60_000 }).toBe(true);
  // Otherwise the next minute would start it.
  await testClient(environment.INNGEST_BASE_URL).send({
    name: "meter/tasks.due",
    data: { dueAt: new Date().toISOString() },
  });
  return { server, app };
}

async function addFleet() {
  for (let index = 0; index < METERS; index++) {
    const meter = await anApiMeter(database.db, { dataSource: `D1234567890${10 + index}`, timezone: "UTC" });
    await aJob(database.db, { meterId: meter.id, interval: "PT1H", timezone: "UTC", startAt, endAt });
  }
  const due = await createDueTasks(database.db, new Date(), { WattWatchers: 300 });
  expect(due).toMatchObject({ created: HOURS });
}

const one = async <T extends Record<string, unknown>>(query: ReturnType<typeof sql>) => {
  const [row] = await database.db.execute<T>(query);
  return row as T;
};
const succeeded = () => database.db.$count(meterTasks, sql`state = 'succeeded'`);

/** True when it happened before everything was done. */
async function sees(holds: () => Promise<boolean>): Promise<boolean> {
  const deadline = Date.now() + 60_000;
  for (;;) {
    if (await holds()) return true;
    if ((await succeeded()) === HOURS) return false;
    if (Date.now() > deadline) throw new Error(`It did not happen within a minute: ${holds}`);
    await pause(5);
  }
}

const isRunningAt = (stage: string) => async () =>
  (await database.db.$count(meterTasks, sql`state = 'running' and stage = ${stage}`)) > 0;

describe("kill -9 in the middle of a backfill", () => {
  it("loses no reading, doubles none, and leaves every figure as if nothing had happened", async () => {
    await addFleet();
    const { server, app } = await startBoth();
    const kills: string[] = [];
    const kill = async (name: string, victim: Mortal, holds: () => Promise<boolean>) => {
      if (!(await sees(holds))) return;
      await pause(Math.random() * 40);
      await victim.kill();
      kills.push(name);
      victim.start();
    };
    let called = 0;
    const aCallIsUnderWay = async () => vendor.calls.length > called;
    await kill("app while it collects", app, aCallIsUnderWay);
    called = vendor.calls.length;
    await kill("server while the app collects", server, aCallIsUnderWay);
    await kill("app while it transforms", app, isRunningAt("transformation"));
    await kill("app while it ingests", app, isRunningAt("ingestion"));
    await kill("server while the app ingests", server, isRunningAt("ingestion"));
    await kill("app once more", app, isRunningAt("transformation"));
    expect(kills.length, kills.join()).toBeGreaterThanOrEqual(4);

    // What hangs on a batch that was formed and not sent comes with the next minute; what hangs on a run that is gone, after
    // the reconciler's patience: here it looks two minutes ahead.
    const deadline = Date.now() + 150_000;
    for (let round = 1; (await succeeded()) < HOURS; round++) {
      if (Date.now() > deadline) throw new Error(JSON.stringify(await database.db.execute(states)));
      if (round % 100 === 0) await reconcileTasks(database.db, new Date(Date.now() + 120_000));
      await pause(200);
    }
    await expectUndisturbed();
  }, 300_000);
});

const states = sql`select state, stage, count(*)::int from meter_tasks group by 1, 2 order by 1, 2`;

async function expectUndisturbed() {
  const { db } = database;
  // Every reading, once, with the vendor's value, first revision, of the task of its hour.
  const rows = await db.execute<{ device: string; at: number; kwh: number; is_own: boolean; revision: number }>(sql`
    select m.data_source as device, extract(epoch from d.timestamp)::float8 as at, d.e_real_kwh::float8 as kwh, d.revision,
      d.timestamp >= t.interval_start and d.timestamp < t.interval_end and t.meter_id = d.meter_id as is_own
    from meter_data d join meters m on m.id = d.meter_id join meter_tasks t on t.id = d.task_id`);
  expect(rows).toHaveLength(ROWS);
  const wrong = rows.filter(
    ({ device, at, kwh, is_own, revision }) => kwh !== energyOf(device, at) || !is_own || revision !== 1,
  );
  expect(wrong).toEqual([]);
  expect(await one(sql`select count(*)::int as n from meter_data_revisions`)).toEqual({ n: 0 });

  for (const [table, bucket] of [
    ["meter_data_hourly", sql`date_trunc('hour', timestamp)`],
    ["meter_data_daily", sql`(timestamp at time zone 'UTC')::date`],
  ] as const) {
    const key = table === "meter_data_hourly" ? sql`hour` : sql`day`;
    const differing = await db.execute(sql`
      select * from (select meter_id, ${bucket} as bucket, count(*)::int as readings, sum(e_real_kwh) as kwh from meter_data group by 1, 2) a
      full join (select meter_id, ${key} as bucket, readings, e_real_kwh as kwh from ${sql.raw(table)}) b using (meter_id, bucket)
      where (a.readings, a.kwh) is distinct from (b.readings, b.kwh)`);
    expect(differing, table).toEqual([]);
  }

  const tasks = await db
    .select({ present: meterTasks.readingsPresent, written: meterTasks.rowsWritten, tasks: count() })
    .from(meterTasks)
    .groupBy(meterTasks.readingsPresent, meterTasks.rowsWritten);
  expect(tasks).toEqual([{ present: 12, written: 12, tasks: HOURS }]);
  await expect
    .poll(() => one(sql`select count(*)::int as n from task_batches where finished_at is null`))
    .toEqual({ n: 0 });

  // Whatever a row names in the archive is whole.
  const archive = openArchive(`file:${folder}`);
  const objects = await db.select().from(archiveObjects);
  for (const { key, sha256 } of objects) await archive.get(key, sha256);
  expect(objects.length).toBeGreaterThanOrEqual(METERS * 2);
}
