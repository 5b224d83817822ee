import { prepareDemo } from "./supervisor/prepare-demo";
import { restateDemoMeter } from "./supervisor/restate-demo";
import { supervise } from "./supervisor/supervise";

await supervise({ kind: "demo", isDev: true, prepare: prepareDemo, afterReady: restateDemoMeter });
