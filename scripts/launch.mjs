// The way into every command: plain JavaScript without packages, because on a fresh clone there are none yet.
// Checks Node, installs what is missing, then runs the command's TypeScript in this same process.
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { constants } from "node:os";
import { basename, dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));

const commands = {
  demo: "demo.ts",
  start: "start.ts",
  dev: "dev.ts",
  test: "test.ts",
  verify: "verify.ts",
  bench: "bench/main.ts",
  "inngest-local": "inngest-local.ts",
  "rotate-keys": "rotate-keys.ts",
  "verify-evidence": "verify-evidence.ts",
};

const [name = "", ...args] = process.argv.slice(2);

try {
  checkNode();
  const file = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (!file) fail(`There is no command "${name}". The commands are: ${Object.keys(commands).join(", ")}.`);
  process.chdir(root);
  await installPackages();
  const script = join(root, "scripts", file);
  if (!existsSync(script)) fail(`The command "${name}" is not part of this release (scripts/${file} is missing).`);
  process.argv = [process.argv[0], script, ...args];
  // On Node 20 the AWS SDK announces which Node its versions of next year want: news for who updates packages, not here.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= "true";
  const { register } = await import("tsx/esm/api");
  register();
  await import(pathToFileURL(script).href);
} catch (error) {
  // Errors with a sentence for people; anything else is a defect and keeps its stack.
  const isForPeople = ["StartError", "BadEnvironment"].includes(error?.name);
  fail(isForPeople ? error.message : (error?.stack ?? String(error)));
}

function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}

function checkNode() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major > 21 || (major === 20 && minor >= 20)) return;
  fail(`Meterproof needs Node 20.20, 22 or 24; this is ${process.versions.node}. Install one of those and try again.`);
}

/** `npm ci` when node_modules is missing, unfinished, or does not belong to package-lock.json. */
async function installPackages() {
  const lockFile = join(root, "package-lock.json");
  const installed = join(root, "node_modules", ".package-lock.json");
  const marker = join(root, "node_modules", ".meterproof-installed");
  const hash = createHash("sha256").update(readFileSync(lockFile)).digest("hex");
  if (existsSync(installed)) {
    // Either we installed for this very lock file, or somebody ran npm after it was last changed.
    if (existsSync(marker) && readFileSync(marker, "utf8") === hash) return;
    if (statSync(installed).mtimeMs >= statSync(lockFile).mtimeMs) return;
  }
  process.stderr.write("Installing packages (about a minute) …\n");
  const ownNpm = process.env.npm_execpath;
  const [program, first] = ownNpm && basename(ownNpm) === "npm-cli.js" ? [process.execPath, [ownNpm]] : ["npm", []];
  // Building and type checking need the development packages, whatever NODE_ENV or npm's configuration leave out.
  const flags = ["ci", "--include=dev", "--include=optional", "--no-audit", "--no-fund", "--loglevel=error"];
  const { code, output } = await runToEnd(program, [...first, ...flags]);
  if (code !== 0) fail(installFailure(output));
  writeFileSync(marker, hash);
}

/** Asked to stop meanwhile, the program and what it started are stopped too, and this process ends. */
function runToEnd(program, args) {
  // A group of its own: npm does not pass a signal on to the install scripts it runs.
  const child = spawn(program, args, { cwd: root, stdio: ["ignore", "ignore", "pipe"], detached: true });
  let askedBy;
  const stop = (signal) => {
    askedBy ??= signal;
    try {
      if (child.pid) process.kill(-child.pid, "SIGTERM");
    } catch {
      // It went by itself meanwhile.
    }
  };
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"];
  for (const signal of signals) process.on(signal, stop);
  let output = "";
  child.stderr.setEncoding("utf8").on("data", (chunk) => {
    output += chunk;
  });
  return new Promise((resolve) => {
    child.once("error", (error) => resolve({ code: 1, output: error.message }));
    child.once("close", (code) => {
      for (const signal of signals) process.off(signal, stop);
      if (askedBy) process.exit(128 + constants.signals[askedBy]);
      resolve({ code, output });
    });
  });
}

function installFailure(output) {
  if (/ENOSPC|no space left/i.test(output))
    return "The packages do not fit on the disk: free some space, then try again.";
  if (/EACCES|EPERM/.test(output)) return `This user may not write to ${root}: change its owner, then try again.`;
  if (/ENOTFOUND|ETIMEDOUT|ECONNREFUSED|ECONNRESET|EAI_AGAIN|network/i.test(output)) {
    return "The packages could not be installed because npm's registry was not reached: check the network, then try again.";
  }
  const line = output.split("\n").find((text) => /^npm (error|ERR!) (?!code|errno|path|syscall)/.test(text)) ?? output;
  return `The packages could not be installed: ${line.replace(/^npm (error|ERR!) /, "").trim()}`;
}
