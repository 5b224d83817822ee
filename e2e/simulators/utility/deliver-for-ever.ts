import { setTimeout as sleep } from "node:timers/promises";
import type { S3Simulator } from "../s3/simulator";
import { type Drop, deliverFiles } from "./deliver";

/** Puts files of simulated utilities into a bucket, day by day, as long as the process lives. */
export async function deliverForEver(simulator: S3Simulator, bucket: string, seed: number): Promise<never> {
  const drop: Drop = {
    putAt: (key) => simulator.putAt(bucket, key),
    put: (key, text) => simulator.seedObject(bucket, key, text),
  };
  for (;;) {
    const count = await deliverFiles(seed, drop, Date.now());
    if (count > 0) console.log(`${count} files were put into ${bucket}.`);
    await sleep(60_000, undefined, { ref: false });
  }
}
