import { parseArgs } from "node:util";
import { startGuardianSimulator } from "./simulator";

/** `tsx e2e/simulators/guardian/main.ts [--port 0] [--seed 1] [--devices 3]` */
const { values } = parseArgs({
  options: {
    port: { type: "string", default: "0" },
    seed: { type: "string", default: "1" },
    devices: { type: "string", default: "3" },
  },
});

function wholeNumber(name: keyof typeof values): number {
  const text = values[name];
  if (!/^\d+$/.test(text)) throw new Error(`--${name} takes a whole number, not ${text}.`);
  return Number(text);
}

const simulator = await startGuardianSimulator({
  port: wholeNumber("port"),
  seed: wholeNumber("seed"),
  devices: wholeNumber("devices"),
});
console.log(`Guardian simulator listens on ${simulator.baseUrl}`);

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => void simulator.close().then(() => process.exit(0)));
}
