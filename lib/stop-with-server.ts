import { setTimeout as sleep } from "node:timers/promises";
import { log } from "./log";
import { closeRuntime } from "./runtime";

/** How long requests may finish after SIGTERM before the pool is closed under them. The supervisor kills after 10 s. */
const GRACE_MS = 7_000;

/** On SIGTERM or SIGINT Next waits for open requests, then leaves; if it has not after the grace, the pool is closed and the process ends. */
export function stopWithServer(): void {
  const stop = (signal: NodeJS.Signals) => {
    sleep(GRACE_MS, undefined, { ref: false })
      .then(closeRuntime)
      .catch((error) => log.error({ err: error }, "The database connections could not be closed."))
      .finally(() => process.exit(signal === "SIGINT" ? 130 : 143));
  };
  process.once("SIGTERM", stop);
  process.once("SIGINT", stop);
}
