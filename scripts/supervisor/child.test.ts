import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Child } from "./child";
import { rotateLog } from "./log-file";
import { Restarts } from "./restarts";

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "meterproof-child-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function aChild(script: string, giveUp: (reason: string) => void = () => undefined) {
  const file = join(folder, "script.mjs");
  await writeFile(file, script);
  return new Child(
    { name: "child", args: [file], env: process.env, logFolder: join(folder, "logs"), graceMs: 500 },
    giveUp,
  );
}

const logText = () => readFile(join(folder, "logs", "child.log"), "utf8");

it("waits longer after each death, forgets old ones, and gives up after five in a minute", () => {
  let now = 0;
  const restarts = new Restarts(() => now);
  expect([restarts.afterDeath(), restarts.afterDeath(), restarts.afterDeath()]).toEqual([500, 1000, 2000]);
  now += 61_000;
  expect(restarts.afterDeath()).toBe(500);
  for (let deaths = 0; deaths < 3; deaths += 1) expect(restarts.afterDeath()).toBeDefined();
  expect(restarts.afterDeath()).toBeUndefined();
});

it("starts a child that died again", async () => {
  const counter = join(folder, "starts");
  const child = await aChild(`
    import { appendFileSync, readFileSync } from "node:fs";
    appendFileSync(${JSON.stringify(counter)}, "x");
    if (readFileSync(${JSON.stringify(counter)}, "utf8").length < 2) process.exit(3);
    console.log("alive");
    setInterval(() => undefined, 1000);`);
  child.start();
  await vi.waitFor(async () => expect(await logText()).toContain("alive"), { timeout: 15_000, interval: 50 });
  await child.stop();
  expect(await readFile(counter, "utf8")).toBe("xx");
});

it("kills a child that does not listen to SIGTERM, and does not start it again", async () => {
  const child = await aChild(`
    process.on("SIGTERM", () => console.log("no"));
    setInterval(() => undefined, 1000);
    console.log("deaf");`);
  child.start();
  await vi.waitFor(async () => expect(await logText()).toContain("deaf"), { timeout: 15_000, interval: 50 });
  await child.stop();
  await sleep(700);
  expect((await logText()).match(/deaf/g)).toHaveLength(1);
});

it("keeps the logs of the last starts", async () => {
  for (const text of ["first", "second", "third"]) await writeFile(rotateLog(folder, "app"), text);
  const texts = await Promise.all(
    ["app.log", "app.1.log", "app.2.log"].map((name) => readFile(join(folder, name), "utf8")),
  );
  expect(texts).toEqual(["third", "second", "first"]);
});

it("does not outlive its parent: it ends when its standard input is closed", async () => {
  const script = join(folder, "script.mjs");
  await writeFile(script, 'console.log("up"); setInterval(() => undefined, 1000);');
  const followParent = new URL("./follow-parent.mjs", import.meta.url).href;
  const child = spawn(process.execPath, ["--import", followParent, script], { stdio: ["pipe", "pipe", "inherit"] });
  await once(child.stdout, "data");
  const gone = once(child, "exit");
  child.stdin.destroy();
  expect(await gone).toEqual([null, "SIGTERM"]);
});

it("is followed by the child alone, not by what that starts with its options", async () => {
  const script = join(folder, "options.mjs");
  await writeFile(script, "console.log(JSON.stringify(process.execArgv)); process.exit(0);");
  const followParent = new URL("./follow-parent.mjs", import.meta.url).href;
  const args = ["--no-warnings", "--import", followParent, script];
  const child = spawn(process.execPath, args, { stdio: ["pipe", "pipe", "inherit"] });
  const [printed] = await once(child.stdout, "data");
  expect(JSON.parse(String(printed))).toEqual(["--no-warnings"]);
});
