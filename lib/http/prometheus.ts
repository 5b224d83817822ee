import { Histogram, Registry } from "prom-client";

interface Instruments {
  registry: Registry;
  requestSeconds: Histogram<"method" | "route" | "status">;
}

// Next bundles each route by itself: only globalThis is one for all of them.
const shared = globalThis as typeof globalThis & { meterproofInstruments?: Instruments };

/** This process's own figures. What the database knows is asked for when `/api/metrics` is read. */
export function instruments(): Instruments {
  shared.meterproofInstruments ??= create();
  return shared.meterproofInstruments;
}

function create(): Instruments {
  const registry = new Registry();
  const requestSeconds = new Histogram({
    name: "meterproof_http_request_duration_seconds",
    help: "Time until an API answer began, by route.",
    labelNames: ["method", "route", "status"],
    buckets: [0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: [registry],
  });
  return { registry, requestSeconds };
}
