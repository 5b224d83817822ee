import { parseArgs } from "node:util";
import { startWattwatchersSimulator } from "./simulator";

/** `tsx e2e/simulators/wattwatchers/main.ts [--port 0] [--seed 1] [--devices 12] [--per-second N] [--per-day N]` */
const { values } = parseArgs({
  options: {
    port: { type: "string", default: "0" },
    seed: { type: "string", default: "1" },
    devices: { type: "string", default: "12" },
    "per-second": { type: "string" },
    "per-day": { type: "string" },
  },
});

function wholeNumber(name: string, text: string): number {
  if (!/^\d+$/.test(text)) throw new Error(`--${name} takes a whole number, not ${text}.`);
  return Number(text);
}

function optional(name: string, text: string | undefined): number | undefined {
  return text === undefined ? undefined : wholeNumber(name, text);
}

const simulator = await startWattwatchersSimulator({
  port: wholeNumber("port", values.port),
  seed: wholeNumber("seed", values.seed),
  devices: wholeNumber("devices", values.devices),
  perSecond: optional("per-second", values["per-second"]),
  perDay: optional("per-day", values["per-day"]),
});
console.log(`Wattwatchers simulator listens on ${simulator.baseUrl}`);

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => void simulator.close().then(() => process.exit(0)));
}
