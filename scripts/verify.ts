import { runChecks } from "./checks";

/** `npm run verify`: types, style, directions and migrations; the quick half of `npm test`. */
const failed = runChecks();
process.stdout.write(failed.length > 0 ? `\nFailed: ${failed.join(", ")}\n` : "\nAll checks passed.\n");
process.exit(failed.length > 0 ? 1 : 0);
