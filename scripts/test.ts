import { existsSync, readdirSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findOrGetBrowser } from "./checks/browser";
import { runChecks } from "./checks/checks";
import { root, runProgram, testEnvironment } from "./checks/run-program";
import { freePort } from "./postgres";
import { buildIfStale } from "./supervisor/build";

interface Count {
  passed: number;
  failed: number;
}

// Everything, and one line at the end. A part that fails does not keep the others from running.
const folder = await mkdtemp(join(tmpdir(), "meterproof-npm-test-"));
const startedAt = Date.now();
try {
  const checks = await part("checks", runChecks);
  // Many tests wait for a clock or a server; what they leave of the processor builds what the screens need.
  const building = Promise.allSettled([buildIfStale(new AbortController().signal, { isInBackground: true })]);
  const tests = await part("tests", runVitest);
  const [build] = await building;
  const counts = [checks, tests, await part("screens", () => runPlaywright(build))];
  const passed = counts.reduce((sum, count) => sum + count.passed, 0);
  const failed = counts.reduce((sum, count) => sum + count.failed, 0);
  process.stdout.write(
    `\nAll of it took ${Math.round((Date.now() - startedAt) / 1000)} s.\n${passed} passed, ${failed} failed\n`,
  );
  process.exitCode = failed > 0 || passed === 0 ? 1 : 0;
} finally {
  await rm(folder, { recursive: true, force: true });
}

async function part(name: string, run: () => Promise<Count>): Promise<Count> {
  process.stdout.write(`\n── ${name} ──\n`);
  try {
    return await run();
  } catch (error) {
    process.stdout.write(`${error instanceof Error && error.name !== "StartError" ? error.stack : error}\n`);
    return { passed: 0, failed: 1 };
  }
}

async function runVitest(): Promise<Count> {
  const report = join(folder, "vitest.json");
  const args = ["run", "--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
  const { code } = await runProgram("vitest", args, { isQuiet: false });
  const result = await reportOf<{ numPassedTests: number; numFailedTests: number }>(report);
  return count(code, result?.numPassedTests ?? 0, result?.numFailedTests ?? 0);
}

async function runPlaywright(build: PromiseSettledResult<void>): Promise<Count> {
  const specs = existsSync(join(root, "e2e"))
    ? readdirSync(join(root, "e2e"), { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".spec.ts"))
    : [];
  if (specs.length === 0) {
    process.stdout.write("There are no specs in e2e yet.\n");
    return { passed: 0, failed: 0 };
  }
  if (build.status === "rejected") throw build.reason;
  const report = join(folder, "playwright.json");
  const env = testEnvironment({
    METERPROOF_BROWSER: await findOrGetBrowser(),
    METERPROOF_E2E_PORT: String(await freePort()),
    METERPROOF_E2E_DATA_DIR: join(folder, "data"),
    PLAYWRIGHT_JSON_OUTPUT_NAME: report,
  });
  const { code } = await runProgram("playwright", ["test", "--config=e2e", "--reporter=list,json"], {
    isQuiet: false,
    env,
  });
  const result = await reportOf<{ stats: { expected: number; unexpected: number; flaky: number } }>(report);
  // A test that passes only when it is tried again has failed.
  return count(code, result?.stats.expected ?? 0, (result?.stats.unexpected ?? 0) + (result?.stats.flaky ?? 0));
}

/** A runner that ends badly without a failed test (it could not load one, or could not start) has failed once. */
function count(code: number, passed: number, failed: number): Count {
  return { passed, failed: failed === 0 && code !== 0 ? 1 : failed };
}

async function reportOf<T>(file: string): Promise<T | undefined> {
  const text = await readFile(file, "utf8").catch(() => undefined);
  return text === undefined ? undefined : (JSON.parse(text) as T);
}
