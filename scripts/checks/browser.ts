import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium } from "@playwright/test";
import { StartError } from "../start-error";
import { programs, root } from "./run-program";

const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"];
const cache = join(root, "node_modules", ".cache", "meterproof-browser");

/** Path of a Chromium that runs here: an installed one, else one that is fetched, whichever way works on this machine. */
export async function findOrGetBrowser(): Promise<string> {
  const given = process.env.METERPROOF_BROWSER;
  if (given) {
    if (runs(given)) return given;
    throw new StartError(`METERPROOF_BROWSER (${given}) is no Chromium that runs here.`);
  }
  const installed = await firstThatRuns(installedOnes());
  if (installed) return installed;
  const ways: [what: string, get: () => Promise<(string | undefined)[]>][] = [
    ["Debian's package chromium", fromApt],
    ["the npm package @sparticuz/chromium", fromNpm],
    ["Playwright's own download", fromPlaywright],
  ];
  for (const [what, get] of ways) {
    process.stdout.write(`No browser yet: trying ${what} …\n`);
    const browser = await firstThatRuns(await get());
    if (browser) {
      process.stdout.write(`The browser is ${browser}\n`);
      return browser;
    }
  }
  throw new StartError(
    "No browser could be got for the tests of the screens: install Chromium or Chrome, or set METERPROOF_BROWSER to one.",
  );
}

function installedOnes(): (string | undefined)[] {
  const folders = (process.env.PATH ?? "").split(":").filter((folder) => folder !== "");
  return [
    ...names.flatMap((name) => folders.map((folder) => join(folder, name))),
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    chromium.executablePath(),
    join(cache, "chromium"),
  ];
}

async function firstThatRuns(candidates: (string | undefined)[]) {
  return candidates.find((path) => path !== undefined && existsSync(path) && runs(path));
}

/** A browser that lacks a library, and a stub that only says what to install, end with an error here. */
function runs(path: string): boolean {
  const { status, stdout } = spawnSync(path, ["--version"], { encoding: "utf8", timeout: 30_000 });
  return status === 0 && /chrom/i.test(stdout);
}

async function fromApt() {
  if (process.getuid?.() !== 0 || !existsSync("/usr/bin/apt-get")) return [];
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  spawnSync("apt-get", ["update", "-q"], { stdio: "ignore", env });
  spawnSync("apt-get", ["install", "-y", "-q", "--no-install-recommends", "chromium"], { stdio: "ignore", env });
  return ["/usr/bin/chromium"];
}

async function fromNpm() {
  mkdirSync(cache, { recursive: true });
  const npm = process.env.npm_execpath ? [process.execPath, process.env.npm_execpath] : ["npm"];
  const args = ["install", "--prefix", cache, "--no-save", "--no-audit", "--no-fund", "@sparticuz/chromium"];
  spawnSync(npm[0] ?? "npm", [...npm.slice(1), ...args], { stdio: "ignore", cwd: cache });
  try {
    const entry = createRequire(join(cache, "package.json")).resolve("@sparticuz/chromium");
    const { default: packed } = (await import(pathToFileURL(entry).href)) as {
      default: { executablePath(): Promise<string> };
    };
    return [await packed.executablePath()];
  } catch {
    // Not to be had here: the next way is tried.
    return [];
  }
}

async function fromPlaywright() {
  spawnSync(process.execPath, [join(root, programs.playwright), "install", "chromium"], { stdio: "ignore", cwd: root });
  return [chromium.executablePath()];
}
