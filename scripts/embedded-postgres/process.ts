import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync } from "node:fs";
import { readFile, readlink, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { StartError } from "../start-error";
import { identity, type RunAs } from "./run-as";

export interface PostgresProcess {
  child: ChildProcess;
  /** Fast shutdown: ends sessions, writes a checkpoint. */
  stop(): Promise<void>;
}

interface Start {
  native: string;
  pgdata: string;
  settings: Record<string, string | number>;
  logFile: string;
  user: RunAs | undefined;
}

const READY_WITHIN_MS = 180_000;
const RELEASED_WITHIN_MS = 120_000;

/** Starts `postgres` on an existing cluster and waits until it takes connections, after crash recovery if need be. */
export async function runPostgres(options: Start): Promise<PostgresProcess> {
  const { pgdata, user } = options;
  await endLeftOver(pgdata);
  const child = await startWhenReleased(options);
  const guard = guardOf(child, pgdata, user);
  child.once("exit", () => guard.stdin?.end());
  return {
    child,
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = once(child, "exit");
      child.kill("SIGINT");
      const isGone = await Promise.race([gone.then(() => true), sleep(30_000, false, { ref: false })]);
      if (!isGone) {
        child.kill("SIGQUIT");
        await gone;
      }
    },
  };
}

/**
 * After `kill -9` of the server the processes of its sessions go on until their statement ends, and as long as one of them
 * lives PostgreSQL refuses to start: it is tried again until they are gone.
 */
async function startWhenReleased(options: Start): Promise<ChildProcess> {
  for (const deadline = Date.now() + RELEASED_WITHIN_MS; ; await sleep(500)) {
    const child = startProgram(options);
    try {
      await untilReady(child, options.pgdata, options.logFile);
      return child;
    } catch (error) {
      const isHeld = error instanceof StartError && /pre-existing shared memory block/.test(error.message);
      if (!isHeld || Date.now() > deadline) throw error;
    }
  }
}

function startProgram({ native, pgdata, settings, logFile, user }: Start): ChildProcess {
  const flags = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  const output = openSync(logFile, "a", 0o600);
  // A session of its own: Ctrl-C in the terminal must not reach it before the programs that use it have stopped.
  const child = spawn(join(native, "bin", "postgres"), ["-D", pgdata, ...flags], {
    ...identity(user),
    cwd: pgdata,
    detached: true,
    env: { NODE_ENV: process.env.NODE_ENV, PATH: process.env.PATH, LC_ALL: "C", TZ: "UTC" },
    stdio: ["ignore", output, output],
  });
  closeSync(output);
  return child;
}

/** A small shell that shuts PostgreSQL down when this process ends in any way: its standard input is closed then. */
function guardOf(child: ChildProcess, pgdata: string, user: RunAs | undefined): ChildProcess {
  const script = 'cat >/dev/null; [ "$(head -n1 "$2/postmaster.pid" 2>/dev/null)" = "$1" ] && kill -INT "$1"';
  const guard = spawn("/bin/sh", ["-c", script, "sh", String(child.pid), pgdata], {
    ...identity(user),
    cwd: "/",
    detached: true,
    stdio: ["pipe", "ignore", "ignore"],
  });
  guard.unref();
  // The guard may end first when everything is stopped at once: there is nothing left to tell it.
  guard.stdin?.on("error", () => undefined);
  return guard;
}

async function untilReady(child: ChildProcess, pgdata: string, logFile: string) {
  let failure: Error | undefined;
  child.once("error", (error) => {
    failure = error;
  });
  const deadline = Date.now() + READY_WITHIN_MS;
  while (Date.now() < deadline) {
    if (failure) throw failure;
    if (child.exitCode !== null || child.signalCode !== null) throw new StartError(await reasonOf(child, logFile));
    const [pid, , , , , , , status] = (await pidFile(pgdata)) ?? [];
    if (Number(pid) === child.pid && status?.trim() === "ready") return;
    await sleep(25);
  }
  child.kill("SIGQUIT");
  throw new StartError(`PostgreSQL did not become ready in ${READY_WITHIN_MS / 1000} s: see ${logFile}.`);
}

/** PostgreSQL says the second where a file system gives what is left before it refuses. */
export const isAboutFullDisk = (text: string) => /No space left on device|wrote only \d+ of \d+ bytes/.test(text);

async function reasonOf(child: ChildProcess, logFile: string): Promise<string> {
  const lines = (await readFile(logFile, "utf8").catch(() => "")).split("\n").slice(-40);
  if (lines.some(isAboutFullDisk)) {
    return `PostgreSQL could not start because the disk is full: free some space, then start again (${logFile}).`;
  }
  const fatal = lines.filter((line) => /FATAL|PANIC/.test(line));
  // Sessions of a server before it write to the same log when they notice that it is gone: its own word comes first.
  const own = fatal.filter((line) => line.includes(`[${child.pid}]`));
  const reason = (own.at(-1) ?? fatal.at(-1))?.replace(/^.*?(FATAL|PANIC):\s*/, "").replace(/\.$/, "");
  return `PostgreSQL could not start${reason ? `: ${reason}` : ""}. Its log is ${logFile}.`;
}

/** Lines of postmaster.pid: pid, data directory, start, port, …, and the status on the eighth. */
async function pidFile(pgdata: string): Promise<string[] | undefined> {
  const text = await readFile(join(pgdata, "postmaster.pid"), "utf8").catch(() => undefined);
  return text?.split("\n");
}

/**
 * A server that outlived its killed parent is waited for, then stopped; a pid file whose number now belongs to another
 * program (usual after a restart of a container) is removed, since PostgreSQL would refuse to start beside it.
 */
async function endLeftOver(pgdata: string) {
  const pid = Number((await pidFile(pgdata))?.[0]);
  if (!pid) return;
  for (let waitedMs = 0; isAlive(pid); waitedMs += 200) {
    if (!(await isServerOf(pid, pgdata))) {
      await rm(join(pgdata, "postmaster.pid"), { force: true });
      return;
    }
    // Its guard needs a moment; without one (killed too) we ask ourselves.
    if (waitedMs === 3_000) process.kill(pid, "SIGINT");
    if (waitedMs >= 30_000) {
      throw new StartError(`Another PostgreSQL (process ${pid}) still uses ${pgdata}: stop it, then start again.`);
    }
    await sleep(200);
  }
}

function isAlive(pid: number) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

async function isServerOf(pid: number, pgdata: string): Promise<boolean> {
  if (process.platform !== "linux") return true;
  const [folder, name] = await Promise.all([
    readlink(`/proc/${pid}/cwd`).catch(() => undefined),
    readFile(`/proc/${pid}/comm`, "utf8").catch(() => ""),
  ]);
  return folder === undefined ? name.startsWith("postgres") : folder === pgdata;
}
