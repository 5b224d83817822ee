import { parseArgs } from "node:util";
import { startSolcastSimulator } from "./simulator";

/** `tsx e2e/simulators/solcast/main.ts [--port 0] [--seed 1] [--per-day 10] [--bad-key-status 403]` */
const { values } = parseArgs({
  options: {
    port: { type: "string", default: "0" },
    seed: { type: "string", default: "1" },
    "per-day": { type: "string", default: "10" },
    "bad-key-status": { type: "string", default: "403" },
  },
});

function wholeNumber(name: keyof typeof values): number {
  const text = values[name];
  if (!/^\d+$/.test(text)) throw new Error(`--${name} takes a whole number, not ${text}.`);
  return Number(text);
}

const badKeyStatus = wholeNumber("bad-key-status");
if (badKeyStatus !== 403 && badKeyStatus !== 404) throw new Error("--bad-key-status takes 403 or 404.");
const simulator = await startSolcastSimulator({
  port: wholeNumber("port"),
  seed: wholeNumber("seed"),
  perDay: wholeNumber("per-day"),
  badKeyStatus,
});
console.log(`Solcast simulator listens on ${simulator.baseUrl}`);

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => void simulator.close().then(() => process.exit(0)));
}
