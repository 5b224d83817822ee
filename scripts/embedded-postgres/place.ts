import { randomBytes } from "node:crypto";
import { chmod, chown, mkdir, readFile, stat, writeFile } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { asStartError } from "../start-error";
import { SHARED_PLACE } from "./binaries";
import { canEnter, type RunAs } from "./run-as";

/**
 * The folder of the database's files: `postgres` in the data directory. As root, when the database's user cannot get
 * there (a clone in root's home), a folder under /var/lib/meterproof, remembered in `postgres.place` for the next start.
 */
export async function databasePlace(dataDir: string, user: RunAs | undefined): Promise<string> {
  const dir = resolve(dataDir);
  const note = join(dir, "postgres.place");
  try {
    await mkdir(dir, { recursive: true, mode: user ? 0o711 : 0o700 });
    const noted = await readFile(note, "utf8").catch(() => "");
    // Others may pass through the data directory to folders that let them; they cannot list it.
    if (user) await chmod(dir, ((await stat(dir)).mode & 0o777) | 0o111);
    const isReachable = canEnter(user, dir);
    const place = noted.trim() || (isReachable ? join(dir, "postgres") : sharedPlace(dir));
    await mkdir(place, { recursive: true, mode: 0o700 });
    if (user) {
      await chmod(dirname(place), ((await stat(dirname(place))).mode & 0o777) | 0o111);
      await chown(place, user.uid, user.gid);
    }
    await chmod(place, 0o700);
    if (!noted && !isReachable) await writeFile(note, `${place}\n`);
    return place;
  } catch (error) {
    throw asStartError(error, dir);
  }
}

const sharedPlace = (dir: string) => join(SHARED_PLACE, `${basename(dirname(dir))}-${randomBytes(6).toString("hex")}`);
