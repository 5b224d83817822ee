import { parseArgs } from "node:util";
import { simulatorAccount, startS3Simulator } from "./simulator";

/**
 * `tsx e2e/simulators/s3/main.ts [--port 0] [--seed 1] [--data DIR] [--access-key ID --secret-key SECRET] [--region R]
 * [--bucket NAME]…`
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

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => void simulator.close().then(() => process.exit(0)));
}
