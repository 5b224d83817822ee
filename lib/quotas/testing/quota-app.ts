import { setTimeout as pause } from "node:timers/promises";
import pino from "pino";
import { openArchive } from "../../archive/open-archive";
import { SourceError } from "../../connectors/source-error";
import { openDatabase } from "../../db/client";
import { reachSource } from "../../meters/reach-source";
import { createAddressGuard } from "../../net/address-guard";
import { collect } from "../../pipeline/etl/collect";
import { again, testSecrets } from "../../pipeline/etl/testing";
import type { Worker } from "../../pipeline/worker";

export interface QuotaAppConfig {
  databaseUrl: string;
  archiveFolder: string;
  solcastUrl: string;
  /** ISO 8601; its clock stands there. */
  now: string;
  /** Of two jobs, each collected again and again. */
  taskIds: string[];
  /** Whose connection is tested in between. */
  tested: { dataSource: string; accountKey: string; credential: string };
  /** Ends when nothing is left to take, instead of living until it is killed. */
  isLast: boolean;
}

/** A process of the product that can be killed: it says `up` and then spends its account's calls as fast as it can. */
const config: QuotaAppConfig = JSON.parse(process.argv[2] ?? "");
const { db, close } = openDatabase(config.databaseUrl, { max: 3 });
const worker: Worker = {
  db,
  archive: openArchive(`file:${config.archiveFolder}`),
  secrets: testSecrets,
  fetch,
  addresses: createAddressGuard({ allowed: ["127.0.0.1"] }),
  baseUrls: { SOLCAST_BASE_URL: config.solcastUrl },
  consoleUrl: "http://console.test",
  now: () => new Date(config.now),
  log: pino({ level: "silent" }),
};

const testConnection = async () => {
  const meter = { type: "Solcast", dataSourceType: "API" as const, settings: {}, timezone: "UTC", ...config.tested };
  try {
    await reachSource(worker, meter);
    return false;
  } catch (error) {
    return error instanceof SourceError && error.code === "QUOTA_SPENT";
  }
};

process.stdout.write("up\n");
for (let isSpent = false; !isSpent || !config.isLast; ) {
  const collections = config.taskIds.map(async (id) => collect(worker, await again(db, [id])));
  const [spent] = await Promise.all([testConnection(), ...collections]);
  isSpent = spent;
  if (isSpent) await pause(30);
}
await close();
