import { setTimeout as sleep } from "node:timers/promises";
import { ListObjectsV2Command } from "@aws-sdk/client-s3";
import { simulatorAccount } from "../../e2e/simulators/s3/simulator";
import { fileSites } from "../../e2e/simulators/utility/sites";
import { openDatabase } from "../../lib/db/client";
import { createS3Client } from "../../lib/net/s3-client";
import { isPlanted } from "../../lib/seeds/once";
import { RESTATEMENT, restateDemo } from "../../lib/seeds/restate-demo";
import { DEMO_FLEET, RESTATED_METER } from "./demo-sites";
import { DEMO_BUCKET } from "./processes";
import type { Prepared } from "./supervise";
import { say } from "./terminal";

const LOOK_EVERY_MS = 20_000;

/** Waits until the simulated utility has replaced files that were collected, and has them collected again; once. */
export async function restateDemoMeter({ env, ports }: Prepared, signal: AbortSignal): Promise<void> {
  const database = openDatabase(env.DATABASE_URL ?? "", { max: 1, applicationName: "meterproof demo restatement" });
  const ctx = { db: database.db, actor: { kind: "system", name: "demo" } } as const;
  try {
    while (!signal.aborted) {
      try {
        if (await isPlanted(database.db, RESTATEMENT)) return;
        if ((await hasReplaced(ports.s3)) && (await restateDemo(ctx, RESTATED_METER))) {
          say("demo", `the utility replaced files of ${RESTATED_METER}: they are collected again`);
          return;
        }
      } catch (error) {
        // PostgreSQL or the simulator is being started again: the next look finds them.
        say(
          "demo",
          `files of ${RESTATED_METER} are not looked at yet: ${error instanceof Error ? error.message : error}`,
        );
      }
      await sleep(LOOK_EVERY_MS, undefined, { signal, ref: false }).catch(() => undefined);
    }
  } finally {
    await database.close();
  }
}

async function hasReplaced(port: number): Promise<boolean> {
  const client = createS3Client({
    endpoint: `http://127.0.0.1:${port}`,
    region: "us-east-1",
    credentials: simulatorAccount,
    forcePathStyle: true,
    attempts: 1,
  });
  const { prefix } = fileSites(DEMO_FLEET.seed).restated;
  try {
    const { Contents: objects = [] } = await client.send(
      new ListObjectsV2Command({ Bucket: DEMO_BUCKET, Prefix: prefix }),
    );
    return objects.some(({ Key: key }) => key?.includes("-metered"));
  } finally {
    client.destroy();
  }
}
