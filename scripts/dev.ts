import { liveDemo } from "./supervisor/live-demo";
import { prepareDemo } from "./supervisor/prepare-demo";
import { supervise } from "./supervisor/supervise";

await supervise({ kind: "demo", isDev: true, prepare: prepareDemo, afterReady: liveDemo });
