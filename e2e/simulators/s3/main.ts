import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { type Drop, deliverFiles } from "../utility/deliver";
import { simulatorAccount, startS3Simulator } from "./simulator";

/**
 * `tsx e2e/simulators/s3/main.ts [--port 0] [--seed 1] [--data DIR] [--access-key ID --secret-key SECRET] [--region R]
 * [--bucket NAME]… [--utility-files NAME]`. The last puts files of simulated utilities into a bucket, day by day.
 */
const { values } = parseArgs({
  options: {
    port: { type: "string", default: "0" },
    seed: { type: "string", default: "1" },
    data: { type: "string" },
    "access-key": { type: "string", default: simulatorAccount.accessKeyId },
    "secret-key": { type: "string", default: simulatorAccount.secretAccessKey },
    region: { type: "string" },
    bucket: { type: "string", multiple: true },
    "utility-files": { type: "string" },
  },
});

function wholeNumber(name: string, text: string): number {
  if (!/^\d+$/.test(text)) throw new Error(`--${name} takes a whole number, not ${text}.`);
  return Number(text);
}

const simulator = await startS3Simulator({
  port: wholeNumber("port", values.port),
  seed: wholeNumber("seed", values.seed),
  dataDir: values.data,
  accounts: [{ accessKeyId: values["access-key"], secretAccessKey: values["secret-key"] }],
  region: values.region,
  buckets: values.bucket,
});
console.log(`S3 simulator listens on ${simulator.url}`);

const bucket = values["utility-files"];
if (bucket !== undefined) void deliverForEver(bucket, wholeNumber("seed", values.seed));

async function deliverForEver(name: string, seed: number): Promise<never> {
  const drop: Drop = {
    putAt: (key) => simulator.putAt(name, key),
    put: (key, text) => simulator.seedObject(name, key, text),
  };
  for (;;) {
    const count = await deliverFiles(seed, drop, Date.now());
    if (count > 0) console.log(`${count} files were put into ${name}.`);
    await sleep(60_000, undefined, { ref: false });
  }
}

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => void simulator.close().then(() => process.exit(0)));
}
