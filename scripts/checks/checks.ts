import { lockFileCompleteness } from "./lock-file";
import { runProgram } from "./run-program";
import { schemaDrift } from "./schema-drift";

const checks: [name: string, run: () => Promise<{ code: number; output: string }>][] = [
  ["lock file", lockFileCompleteness],
  // Types of routes and pages are generated; without them the type check of a fresh clone misses some.
  ["route types", () => runProgram("next", ["typegen"])],
  ["types", () => runProgram("tsc", ["--noEmit", "-p", "."])],
  [
    "lint, format, directions",
    () => runProgram("biome", ["check", ".", "--max-diagnostics=200", "--diagnostic-level=error"]),
  ],
  ["unused files, exports and packages", () => runProgram("knip", ["--no-progress"])],
  ["order of migrations", () => runProgram("drizzleKit", ["check"])],
  ["schema against migrations", schemaDrift],
];

/** Every check, one after the other; the output of one that fails is shown. */
export async function runChecks(): Promise<{ passed: number; failed: number }> {
  const count = { passed: 0, failed: 0 };
  for (const [name, run] of checks) {
    const startedAt = Date.now();
    const { code, output } = await run();
    const seconds = ((Date.now() - startedAt) / 1000).toFixed(1);
    if (code === 0) count.passed += 1;
    else count.failed += 1;
    process.stdout.write(`${code === 0 ? "ok    " : "FAILED"} ${name} (${seconds} s)\n`);
    if (code !== 0) process.stdout.write(`${output.trim()}\n\n`);
  }
  return count;
}
