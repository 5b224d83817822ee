import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile, rm, writeFile } from "node:fs/promises";
import { constants, setPriority } from "node:os";
import { join } from "node:path";
import { hashOfCode, hashOfSources } from "../sources";
import { asStartError, StartError } from "../start-error";
import { say } from "./terminal";

const root = join(import.meta.dirname, "../..");
const followParent = new URL("./follow-parent.mjs", import.meta.url).href;
const marker = join(root, ".next", "meterproof-build");

/** What the built application depends on. */
const parts = {
  folders: ["app", "components", "lib", "inngest", "public"],
  files: [
    "package-lock.json",
    "tsconfig.json",
    "next.config.ts",
    "postcss.config.mjs",
    "proxy.ts",
    "instrumentation.ts",
  ],
};

/**
 * Builds the application unless `.next` was built from exactly these sources. Its output is shown only on failure. In the background it
 * takes what other work leaves of the processor.
 */
export async function buildIfStale(signal: AbortSignal, { isInBackground = false } = {}): Promise<void> {
  const wanted = await hashOfSources(parts);
  if ((await readFile(marker, "utf8").catch(() => "")) === wanted) return;
  say("build", "building the application (a minute or two) …");
  await rm(marker, { force: true });
  const startedAt = Date.now();
  // It follows its parent like every other child: a build that goes on by itself would hold the next start's.
  const args = ["--import", followParent, join(root, "node_modules/next/dist/bin/next"), "build"];
  const next = spawn(process.execPath, args, {
    cwd: root,
    env: {
      ...process.env,
      NODE_ENV: "production",
      NEXT_TELEMETRY_DISABLED: "1",
      CI: "1",
      METERPROOF_SOURCES: await hashOfCode(),
    },
    stdio: ["pipe", "pipe", "pipe"],
  });
  if (isInBackground && next.pid !== undefined) setPriority(next.pid, constants.priority.PRIORITY_LOW);
  const stop = () => next.kill("SIGTERM");
  signal.addEventListener("abort", stop);
  const output: Buffer[] = [];
  next.stdout.on("data", (chunk) => output.push(chunk));
  next.stderr.on("data", (chunk) => output.push(chunk));
  const [code] = await once(next, "close");
  signal.removeEventListener("abort", stop);
  if (signal.aborted) return;
  const text = Buffer.concat(output).toString("utf8");
  if (code !== 0) {
    if (/ENOSPC|No space left/i.test(text)) {
      throw new StartError(`The disk that holds ${root} is full: free some space, then start again.`);
    }
    process.stderr.write(text);
    throw new StartError("The application could not be built: the reason stands above.");
  }
  await writeFile(marker, wanted).catch((error) => {
    throw asStartError(error, marker);
  });
  say("build", `built in ${Math.round((Date.now() - startedAt) / 1000)} s`);
}
