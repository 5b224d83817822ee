import { parseArgs } from "node:util";
import { startGuardianSimulator } from "./guardian/simulator";
import { simulatorAccount, startS3Simulator } from "./s3/simulator";
import { startSolcastSimulator } from "./solcast/simulator";
import { deliverForEver } from "./utility/deliver-for-ever";
import { startWattwatchersSimulator } from "./wattwatchers/simulator";

/**
 * All that a demo needs in one process, which takes a third of the memory of four:
 * `tsx e2e/simulators/main.ts --seed 1 [--wattwatchers PORT --devices 12] [--solcast PORT] [--s3 PORT --data DIR --bucket NAME] [--guardian PORT]`. Only
 * those with a port are started. The bucket gets the files of simulated utilities, day by day.
 */
const { values } = parseArgs({
  options: {
    seed: { type: "string", default: "1" },
    wattwatchers: { type: "string" },
    devices: { type: "string", default: "12" },
    solcast: { type: "string" },
    s3: { type: "string" },
    data: { type: "string" },
    bucket: { type: "string", default: "meter-files" },
    guardian: { type: "string" },
  },
});

function wholeNumber(name: keyof typeof values, text: string): number {
  if (!/^\d+$/.test(text)) throw new Error(`--${name} takes a whole number, not ${text}.`);
  return Number(text);
}

const portOf = (name: "wattwatchers" | "solcast" | "s3" | "guardian") => {
  const text = values[name];
  return text === undefined ? undefined : wholeNumber(name, text);
};

const seed = wholeNumber("seed", values.seed);
const started: { close(): Promise<void> }[] = [];
const ports = {
  wattwatchers: portOf("wattwatchers"),
  solcast: portOf("solcast"),
  s3: portOf("s3"),
  guardian: portOf("guardian"),
};

if (ports.wattwatchers !== undefined) {
  const devices = wholeNumber("devices", values.devices);
  const simulator = await startWattwatchersSimulator({ port: ports.wattwatchers, seed, devices });
  started.push(simulator);
  console.log(`Wattwatchers simulator listens on ${simulator.baseUrl}`);
}
if (ports.solcast !== undefined) {
  const simulator = await startSolcastSimulator({ port: ports.solcast, seed });
  started.push(simulator);
  console.log(`Solcast simulator listens on ${simulator.baseUrl}`);
}
if (ports.s3 !== undefined) {
  const { bucket, data: dataDir } = values;
  const simulator = await startS3Simulator({
    port: ports.s3,
    seed,
    dataDir,
    accounts: [simulatorAccount],
    buckets: [bucket],
  });
  started.push(simulator);
  console.log(`S3 simulator listens on ${simulator.url}`);
  void deliverForEver(simulator, bucket, seed);
}
if (ports.guardian !== undefined) {
  const simulator = await startGuardianSimulator({ port: ports.guardian, seed, devices: 4 });
  started.push(simulator);
  console.log(`Guardian simulator listens on ${simulator.baseUrl}`);
}

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => void Promise.all(started.map((each) => each.close())).then(() => process.exit(0)));
}
