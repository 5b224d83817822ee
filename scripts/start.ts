import { prepareStart } from "./supervisor/prepare-start";
import { supervise } from "./supervisor/supervise";

await supervise({ kind: "start", isDev: false, prepare: prepareStart });
