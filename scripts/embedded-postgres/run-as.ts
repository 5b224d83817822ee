import { execFileSync, spawnSync } from "node:child_process";
import { StartError } from "../start-error";

/** An unprivileged user: PostgreSQL refuses to run as root. */
export interface RunAs {
  uid: number;
  gid: number;
  name: string;
}

const USER = "meterproof";

/** Undefined for an ordinary user, who runs PostgreSQL as is; as root the user `meterproof`, made when it is missing. */
export function databaseUser(): RunAs | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const found = lookUp(USER);
  if (found) return found;
  const isMade = [
    ["useradd", "--system", "--user-group", "--no-create-home", "--home-dir", "/nonexistent", USER],
    ["adduser", "-S", "-D", "-H", USER],
  ].some(([command = "", ...args]) => spawnSync(command, args, { stdio: "ignore" }).status === 0);
  // Another start may have made it at the same moment, so the look-up decides.
  const user = lookUp(USER) ?? (isMade ? undefined : lookUp("postgres"));
  if (!user) {
    throw new StartError(
      `PostgreSQL does not run as root, and the user "${USER}" could not be made (useradd failed): make it, start as an ordinary user, or set DATABASE_URL.`,
    );
  }
  return user;
}

function lookUp(name: string): RunAs | undefined {
  try {
    const id = (flag: string) => Number(execFileSync("id", [flag, name], { stdio: ["ignore", "pipe", "ignore"] }));
    return { name, uid: id("-u"), gid: id("-g") };
  } catch {
    // `id` fails for a name that is not there, which is what was asked.
    return undefined;
  }
}

/** What `spawn` needs to run as that user. */
export const identity = (user: RunAs | undefined) => (user ? { uid: user.uid, gid: user.gid } : {});

/** Whether the user can enter the folder: every folder above it must let them through. */
export function canEnter(user: RunAs | undefined, folder: string): boolean {
  return spawnSync("/bin/sh", ["-c", 'cd "$1"', "sh", folder], { ...identity(user), cwd: "/" }).status === 0;
}
