import { join } from "node:path";
import { defineConfig } from "@playwright/test";

const root = join(import.meta.dirname, "..");
const port = process.env.METERPROOF_E2E_PORT ?? "3210";
const baseURL = `http://localhost:${port}`;
/** Specs find the demo's simulators by it. */
process.env.METERPROOF_E2E_DATA_DIR ??= join(root, ".meterproof", "e2e");

/** Tokens of the demo under test, for specs that use the API. */
process.env.DEMO_API_TOKEN ??= "e2e-admin-token-0000000000";
process.env.DEMO_REVIEWER_TOKEN ??= "e2e-reviewer-token-0000000";

const LOOKS = "accessibility.spec.ts";
/** Stories that wait for minutes, or change nothing that another one looks at. */
const APART = ["findings.spec.ts", "first-start.spec.ts", "settings.spec.ts", "signing-in.spec.ts"];

export default defineConfig({
  testDir: ".",
  outputDir: join(root, "test-results"),
  fullyParallel: false,
  workers: 2,
  retries: 0,
  forbidOnly: Boolean(process.env.CI),
  // A story of many steps, on two cores beside another.
  timeout: 120_000,
  expect: { timeout: 15_000 },
  use: {
    baseURL,
    timezoneId: "Australia/Sydney",
    locale: "en-AU",
    screenshot: "only-on-failure",
    trace: "off",
    launchOptions: {
      executablePath: process.env.METERPROOF_BROWSER,
      // Chromium's sandbox does not start as root.
      args: process.getuid?.() === 0 ? ["--no-sandbox"] : [],
    },
  },
  projects: [
    { name: "sign-in", testMatch: "sign-in.setup.ts", workers: 1 },
    // Stories one after another, since they share a fleet; beside them those that do not, and a look at every page.
    {
      name: "console",
      testMatch: "**/*.spec.ts",
      testIgnore: [LOOKS, ...APART],
      dependencies: ["sign-in"],
      workers: 1,
    },
    { name: "apart", testMatch: APART, dependencies: ["sign-in"], workers: 1 },
    { name: "looks", testMatch: LOOKS, dependencies: ["sign-in"], workers: 1 },
  ],
  webServer: {
    command: "node scripts/launch.mjs demo",
    cwd: root,
    url: `${baseURL}/api/health`,
    reuseExistingServer: !process.env.METERPROOF_E2E_PORT,
    // Started by hand on a fresh clone it builds first.
    timeout: 420_000,
    gracefulShutdown: { signal: "SIGTERM", timeout: 30_000 },
    stdout: "pipe",
    env: {
      PORT: port,
      METERPROOF_DATA_DIR: process.env.METERPROOF_E2E_DATA_DIR,
      NODE_ENV: "production",
    },
  },
});
