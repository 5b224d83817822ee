import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { eq } from "drizzle-orm";
import pino from "pino";
import { openArchive } from "../../archive/open-archive";
import type { Db } from "../../db/client";
import { meters, meterTasks } from "../../db/schema";
import { createAddressGuard } from "../../net/address-guard";
import { createSecretBox } from "../../secrets";
import { aBatch, aMeter, aTask, type JobRow, type MeterRow } from "../../testing/builders";
import type { Worker } from "../worker";
import { collect } from "./collect";
import { ingest } from "./ingest";
import { transform } from "./transform";

/** A fleet and a vendor for tests of the stages: everything real but the vendor, which is a function. */

const secretKey = Buffer.alloc(32, 7);
const fingerprintKey = Buffer.alloc(32, 9);
export const testSecrets = createSecretBox([{ id: "test", key: secretKey }], fingerprintKey);

/** What a process of the product needs to open these meters' credentials. */
export const testSecretEnvironment = {
  METERPROOF_SECRET_KEYS: `test:${secretKey.toString("base64")}`,
  METERPROOF_FINGERPRINT_KEY: fingerprintKey.toString("base64"),
  NEXTAUTH_SECRET: "only for tests, and long enough to be one",
};

/** Energy in kWh of the interval that starts at the epoch second; null: the vendor has none. */
export type Vendor = (device: string, startEpochSeconds: number) => number | null;

export interface TestWorker extends Worker {
  /** URLs asked for. */
  calls: string[];
}

/** `answer` comes first where it gives one, for what a vendor does besides sending data. */
export interface Answering {
  vendor: Vendor;
  answer(url: URL): Response | undefined;
}

/** A worker whose vendor answers Wattwatchers long energy. `now` is a fixed instant unless a function is given. */
export async function aWorker(
  db: Db,
  source: Vendor | Answering,
  now: () => Date = () => new Date("2026-06-01T00:00:00Z"),
): Promise<TestWorker> {
  const { vendor, answer } = typeof source === "function" ? { vendor: source, answer: () => undefined } : source;
  const calls: string[] = [];
  // The run's folder is removed when it ends.
  const directory = await mkdtemp(join(process.env.TEST_FOLDER ?? tmpdir(), "stages-"));
  return {
    db,
    calls,
    archive: openArchive(`file:${directory}`),
    secrets: testSecrets,
    fetch: async (input) => {
      const url = new URL(input instanceof Request ? input.url : String(input));
      calls.push(url.href);
      return answer(url) ?? longEnergy(url, vendor);
    },
    addresses: createAddressGuard({ allowed: ["127.0.0.1"] }),
    baseUrls: { WATTWATCHERS_BASE_URL: "http://vendor.test", SOLCAST_BASE_URL: "http://solcast.test" },
    consoleUrl: "http://console.test",
    now,
    log: pino({ level: "silent" }),
  };
}

function longEnergy(url: URL, vendor: Vendor): Response {
  const device = url.pathname.split("/").at(-1) ?? "";
  const rows = [];
  for (let end = Number(url.searchParams.get("fromTs")); end < Number(url.searchParams.get("toTs")); end += 300) {
    const energy = vendor(device, end - 300);
    if (energy !== null) {
      const negative = energy < 0 ? -energy : 0;
      rows.push({
        timestamp: end,
        duration: 300,
        eRealKwh: [energy],
        eRealPositiveKwh: [energy + negative],
        eRealNegativeKwh: [negative],
        eReactiveKwh: [0.001],
        vRMSMin: [229.4],
        vRMSMax: [232.2],
        iRMSMin: [14.799],
        iRMSMax: [21.208],
      });
    }
  }
  // Its clock stands still, so nothing would come after the calls of the second that it stands in.
  return Response.json(rows, { headers: { "x-ratelimit-tpslimit": "1000", "x-ratelimit-tpsremaining": "999" } });
}

/** A meter whose credential opens. */
export async function anApiMeter(
  db: Db,
  values: Partial<typeof meters.$inferInsert> = {},
  credential = "key_0123456789",
): Promise<MeterRow> {
  const meter = await aMeter(db, values);
  const { sealed, keyId } = testSecrets.seal(credential, `meters.data_credentials:${meter.id}`);
  await db.update(meters).set({ dataCredentials: sealed, credentialsKeyId: keyId }).where(eq(meters.id, meter.id));
  return { ...meter, dataCredentials: sealed, credentialsKeyId: keyId };
}

/** A batch with a queued task for each of these starts; the last instant is the end of the last interval. */
export async function aBatchOf(db: Db, job: JobRow, bounds: readonly string[]) {
  const batch = await aBatch(db, { createdAt: new Date("2026-05-31T23:59:00Z") });
  const tasks = [];
  for (const [index, end] of bounds.slice(1).entries()) {
    const values = {
      job,
      batchId: batch.id,
      state: "queued" as const,
      intervalStart: new Date(bounds[index] ?? end),
      intervalEnd: new Date(end),
    };
    tasks.push(await aTask(db, values));
  }
  return { batchId: batch.id, runId: "test", tasks };
}

/** The same tasks again from collection, in a new batch. */
export async function again(db: Db, taskIds: readonly string[], values: Partial<typeof meterTasks.$inferInsert> = {}) {
  const batch = await aBatch(db);
  for (const id of taskIds) {
    await db
      .update(meterTasks)
      .set({ batchId: batch.id, state: "queued", stage: "collection", waitReason: null, waitUntil: null, ...values })
      .where(eq(meterTasks.id, id));
  }
  return { batchId: batch.id, runId: "test" };
}

export async function runStages(worker: Worker, batch: { batchId: string; runId: string }) {
  const collected = await collect(worker, batch);
  const transformed = await transform(worker, batch);
  const ingested = await ingest(worker, batch);
  return { collected, transformed, ingested };
}

export async function taskOf(db: Db, id: string) {
  const [task] = await db.select().from(meterTasks).where(eq(meterTasks.id, id));
  if (!task) throw new Error(`No task ${id}.`);
  return task;
}
