import { randomBytes } from "node:crypto";
import { link, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { asStartError, errnoOf, StartError } from "../start-error";

interface Holder {
  pid: number;
  /** Start of the process in clock ticks since boot: a number that is used again has another. Empty where unknown. */
  born: string;
}

/**
 * One instance a data directory. A holder that is gone is replaced; one that lives is given a moment, because it may be
 * stopping, then refused. Returns the release.
 */
export async function lockDataDir(dataDir: string, waitMs = 5_000): Promise<() => Promise<void>> {
  const file = join(dataDir, "lock");
  const own = JSON.stringify({ pid: process.pid, born: await bornOf(process.pid) } satisfies Holder);
  const deadline = Date.now() + waitMs;
  try {
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    while (!(await claim(file, own))) {
      const text = await readFile(file, "utf8").catch(() => undefined);
      if (text === undefined) continue;
      const holder = parseHolder(text);
      if (!holder || !(await isThatProcess(holder))) {
        await removeStale(file, text);
      } else if (Date.now() >= deadline) {
        throw new StartError(
          `Another Meterproof (process ${holder.pid}) uses ${dataDir}: stop it, or set METERPROOF_DATA_DIR to another folder.`,
        );
      } else {
        await sleep(100);
      }
    }
  } catch (error) {
    throw asStartError(error, dataDir);
  }
  return async () => {
    if ((await readFile(file, "utf8").catch(() => "")) === own) await rm(file, { force: true });
  };
}

/** Linking fails when the name exists, so that of two starts one wins, and the file is never seen half-written. */
async function claim(file: string, own: string): Promise<boolean> {
  const draft = `${file}.${randomBytes(4).toString("hex")}`;
  await writeFile(draft, own, { mode: 0o600 });
  try {
    await link(draft, file);
    return true;
  } catch (error) {
    if (errnoOf(error) === "EEXIST") return false;
    throw error;
  } finally {
    await rm(draft, { force: true });
  }
}

/** Moved away first, then looked at: if another start replaced it meanwhile, its lock goes back. */
async function removeStale(file: string, seen: string) {
  const aside = `${file}.${randomBytes(4).toString("hex")}`;
  try {
    await rename(file, aside);
  } catch (error) {
    if (errnoOf(error) === "ENOENT") return;
    throw error;
  }
  if ((await readFile(aside, "utf8")) !== seen) await link(aside, file);
  await rm(aside, { force: true });
}

function parseHolder(text: string): Holder | undefined {
  try {
    const holder = JSON.parse(text) as Holder;
    return Number.isInteger(holder.pid) ? holder : undefined;
  } catch {
    // A lock that cannot be read belongs to nobody: it is written in one piece.
    return undefined;
  }
}

async function isThatProcess(holder: Holder): Promise<boolean> {
  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    if (errnoOf(error) !== "EPERM") return false;
  }
  // Without /proc the number alone has to do.
  return process.platform !== "linux" || (await bornOf(holder.pid)) === holder.born;
}

async function bornOf(pid: number): Promise<string> {
  const text = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
  // The name in parentheses may hold spaces; behind it come the state and, 19 fields on, the start.
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  return fields[0] === "Z" ? "" : (fields[19] ?? "");
}
