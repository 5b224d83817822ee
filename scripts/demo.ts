import { prepareDemo } from "./supervisor/prepare-demo";
import { supervise } from "./supervisor/supervise";

await supervise({ kind: "demo", isDev: false, prepare: prepareDemo });
