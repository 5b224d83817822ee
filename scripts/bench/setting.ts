import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pino from "pino";
import { openArchive } from "../../lib/archive/open-archive";
import { type Db, openDatabase } from "../../lib/db/client";
import { migrateDatabase } from "../../lib/db/migrate";
import { meterJobs, meters } from "../../lib/db/schema";
import { seedStarterFactors } from "../../lib/factors/seed-starter-factors";
import { newId } from "../../lib/ids";
import { createAddressGuard } from "../../lib/net/address-guard";
import type { Worker } from "../../lib/pipeline/worker";
import { createSecretBox } from "../../lib/secrets";
import { startEmbeddedPostgres } from "../postgres";
import { canMeasureProcesses, treeCpuSeconds } from "./process-tree";

export interface Setting {
  db: Db;
  url: string;
  worker: Worker;
  postgresPid: number;
  close(): Promise<void>;
}

const secrets = createSecretBox([{ id: "bench", key: Buffer.alloc(32, 1) }], Buffer.alloc(32, 2));

/** An installation of its own in a temporary directory: the embedded PostgreSQL with its durable settings, and an archive of files. */
export async function openSetting(fetch: typeof globalThis.fetch): Promise<Setting> {
  const directory = await mkdtemp(join(tmpdir(), "meterproof-bench-"));
  const server = await startEmbeddedPostgres({ dataDir: directory });
  await migrateDatabase(server.url);
  const { db, close } = openDatabase(server.url, { max: 10 });
  await seedStarterFactors(db);
  const worker: Worker = {
    db,
    archive: openArchive(`file:${join(directory, "archive")}`),
    secrets,
    fetch,
    addresses: createAddressGuard({ allowed: ["127.0.0.1"] }),
    baseUrls: { WATTWATCHERS_BASE_URL: "http://vendor.bench" },
    consoleUrl: "http://console.bench",
    now: () => new Date(),
    log: pino({ level: "warn" }, pino.destination(2)),
  };
  return {
    db,
    url: server.url,
    worker,
    postgresPid: Number((await readFile(join(server.folder, "data", "postmaster.pid"), "utf8")).split("\n", 1)[0]),
    close: async () => {
      await close();
      await server.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** Processor time used so far, which says more than the clock on a machine that has other work. PostgreSQL's only on Linux (else NaN). */
export async function cpuSeconds({ postgresPid }: Setting): Promise<{ node: number; postgres: number }> {
  const { user, system } = process.cpuUsage();
  const postgres = canMeasureProcesses ? await treeCpuSeconds(postgresPid) : Number.NaN;
  return { node: (user + system) / 1e6, postgres };
}

/** WattWatchers meters behind one account in Sydney, each with a job; their ids in order. */
export async function addFleet(
  db: Db,
  fleet: { meters: number; account: string; from: Date; interval: string },
): Promise<{ meterId: string; jobId: string }[]> {
  const { account, from, interval } = fleet;
  const ids = Array.from({ length: fleet.meters }, () => ({ meterId: newId(), jobId: newId() }));
  await db.insert(meters).values(
    ids.map(({ meterId }, index) => {
      const { sealed, keyId } = secrets.seal("key_bench_0123456789", `meters.data_credentials:${meterId}`);
      return {
        id: meterId,
        name: `Bench ${index}`,
        type: "WattWatchers",
        dataSourceType: "API" as const,
        dataSource: `D${String(index).padStart(12, "0")}`,
        dataCredentials: sealed,
        credentialsKeyId: keyId,
        accountKey: account,
        credentialHint: "key_bench",
        timezone: "Australia/Sydney",
        region: "NSW",
      };
    }),
  );
  await db.insert(meterJobs).values(
    ids.map(({ meterId, jobId }) => ({
      id: jobId,
      meterId,
      type: "etl" as const,
      name: "Bench",
      startAt: from,
      anchorAt: from,
      nextIntervalAt: from,
      interval,
      timezone: "Australia/Sydney",
      delaySeconds: 0,
      rereadIntervals: 0,
    })),
  );
  return ids;
}
