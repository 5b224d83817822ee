import { setTimeout as sleep } from "node:timers/promises";
import { ListObjectsV2Command } from "@aws-sdk/client-s3";
import { simulatorAccount } from "../../e2e/simulators/s3/simulator";
import { fileSites } from "../../e2e/simulators/utility/sites";
import { type Db, openDatabase } from "../../lib/db/client";
import { createS3Client } from "../../lib/net/s3-client";
import { isPlanted } from "../../lib/seeds/once";
import { RESTATEMENT, restateDemo } from "../../lib/seeds/restate-demo";
import { isReviewed, reviewDemo } from "../../lib/seeds/review-demo";
import { CUT_DEVICE, CUT_PATH, demoReviews, RESTATED_DEVICE } from "./demo-devices";
import { DEMO_FLEET, RESTATED_METER } from "./demo-sites";
import { DEMO_BUCKET } from "./processes";
import type { Prepared } from "./supervise";
import { say } from "./terminal";

const LOOK_EVERY_MS = 10_000;

/**
 * What people and a utility do in the demo after its start, each once: the reviewer decides about some of the first records, the utility replaces files
 * that were collected, and an operator has them collected again. The last comes after the first, so that a submitted record is restated.
 */
export async function liveDemo({ env, ports }: Prepared, signal: AbortSignal): Promise<void> {
  const database = openDatabase(env.DATABASE_URL ?? "", { max: 1, applicationName: "meterproof demo" });
  try {
    while (!signal.aborted) {
      try {
        if (await goOn(database.db, ports)) return;
      } catch (error) {
        // PostgreSQL or a simulator is being started again: the next look finds them.
        say("demo", `the demo's story waits: ${error instanceof Error ? error.message : error}`);
      }
      await sleep(LOOK_EVERY_MS, undefined, { signal, ref: false }).catch(() => undefined);
    }
  } finally {
    await database.close();
  }
}

/** True when all of it has happened. */
async function goOn(db: Db, ports: Prepared["ports"]): Promise<boolean> {
  let isOver = true;
  for (const review of demoReviews) {
    if (await isReviewed(db, review)) continue;
    if (review.deviceName === CUT_DEVICE) await cutOnce(ports.guardian);
    if (await reviewDemo(db, review)) say("demo", `the reviewer decided about records of ${review.deviceName}`);
    else isOver = false;
  }
  if (await isPlanted(db, RESTATEMENT)) return isOver;
  const restated = demoReviews.find(({ deviceName }) => deviceName === RESTATED_DEVICE);
  const isSeen = !restated || (await isReviewed(db, restated));
  if (!isSeen || !(await hasReplaced(ports.s3))) return false;
  const ctx = { db, actor: { kind: "system", name: "demo" } } as const;
  if (!(await restateDemo(ctx, RESTATED_METER))) return false;
  say("demo", `the utility replaced files of ${RESTATED_METER}: they are collected again`);
  return isOver;
}

/** The next record that the simulated Guardian gets on this route arrives, and its answer is lost. */
async function cutOnce(port: number): Promise<void> {
  const answer = await fetch(`http://127.0.0.1:${port}/__sim/faults`, {
    method: "POST",
    body: JSON.stringify({ cutAfter: { rate: 1, count: 1, path: CUT_PATH } }),
  });
  if (!answer.ok) throw new Error(`the Guardian simulator refused a fault: ${await answer.text()}`);
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
