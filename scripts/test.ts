import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runChecks, runTool } from "./checks";

/** `npm test`: every check, then every suite. Ends with the counts of all of them; a suite that ran nothing has failed. */
const folder = mkdtempSync(join(tmpdir(), "meterproof-results-"));
const failedChecks = runChecks();
process.stdout.write("\n── Suites\n");
const file = join(folder, "vitest.json");
const ran = runTool(["vitest", "run", "--reporter=default", "--reporter=json", `--outputFile.json=${file}`]);
const counts = countsOf(file);
rmSync(folder, { recursive: true, force: true });

const passed = counts.passed;
const failed = counts.failed + failedChecks.length + (ran || counts.failed > 0 ? 0 : 1);
if (failedChecks.length > 0) process.stdout.write(`\nFailed: ${failedChecks.join(", ")}\n`);
process.stdout.write(`\n${passed} passed, ${failed} failed\n`);
process.exit(failed === 0 && passed > 0 ? 0 : 1);

function countsOf(path: string): { passed: number; failed: number } {
  const report = JSON.parse(readFileSync(path, "utf8")) as { numPassedTests: number; numFailedTests: number };
  return { passed: report.numPassedTests, failed: report.numFailedTests };
}
