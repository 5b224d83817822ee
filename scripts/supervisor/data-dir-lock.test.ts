import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { lockDataDir } from "./data-dir-lock";

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "meterproof-lock-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

it("refuses a second instance, and lets it in after the first has gone", async () => {
  const unlock = await lockDataDir(folder);
  await expect(lockDataDir(folder, 50)).rejects.toThrow(`Another Meterproof (process ${process.pid}) uses ${folder}`);
  await unlock();
  await (await lockDataDir(folder, 0))();
});

it("takes over from a process that was killed, even when its number is used again", async () => {
  const child = spawn("sleep", ["0"]);
  await once(child, "exit");
  await writeFile(join(folder, "lock"), JSON.stringify({ pid: child.pid, born: "1" }));
  await (await lockDataDir(folder, 0))();

  await writeFile(join(folder, "lock"), JSON.stringify({ pid: process.pid, born: "1" }));
  await (await lockDataDir(folder, 0))();
});

it("lets one of many that find a dead lock in, and leaves the winner's lock alone", async () => {
  await writeFile(join(folder, "lock"), JSON.stringify({ pid: 2 ** 22 + 1, born: "1" }));
  const tries = await Promise.allSettled(Array.from({ length: 8 }, () => lockDataDir(folder, 100)));
  expect(tries.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  expect(JSON.parse(await readFile(join(folder, "lock"), "utf8")).pid).toBe(process.pid);
});
