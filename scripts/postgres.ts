import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chown, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { promisify } from "node:util";
import postgres from "postgres";
import { postgresBinaries } from "./embedded-postgres/binaries";
import { databasePlace } from "./embedded-postgres/place";
import { isAboutFullDisk, runPostgres } from "./embedded-postgres/process";
import { databaseUser, identity, type RunAs } from "./embedded-postgres/run-as";
import { asStartError, StartError } from "./start-error";

export interface EmbeddedPostgres {
  /** With the password in it: never print it. */
  url: string;
  port: number;
  /** Where its files are; not always in the data directory. */
  folder: string;
  /** Settles when the server ends, asked for or not. */
  ended: Promise<void>;
  stop(): Promise<void>;
}

const USER = "meterproof";
const DATABASE = "meterproof";

/**
 * Starts the embedded PostgreSQL on loopback with a password of its own, making its files on the first start, as another
 * user when this process is root. `isThrowaway` trades durability for speed: for tests only. Throws StartError.
 */
export async function startEmbeddedPostgres(options: {
  dataDir: string;
  /** Taken from the free ones if absent. */
  port?: number;
  isThrowaway?: boolean;
  logFile?: string;
}): Promise<EmbeddedPostgres> {
  const { dataDir, isThrowaway = false } = options;
  const user = databaseUser();
  const native = await postgresBinaries(user);
  const folder = await databasePlace(dataDir, user);
  const pgdata = join(folder, "data");
  const password = await passwordOf(join(dataDir, "postgres.password"), pgdata);
  if (!(await isFile(join(pgdata, "PG_VERSION")))) await makeCluster({ native, folder, password, user, isThrowaway });
  await refuseOtherVersion(native, pgdata);

  const logFile = options.logFile ?? join(dataDir, "postgres.log");
  for (let attempt = 1; ; attempt += 1) {
    const port = options.port ?? (await freePort());
    const settings = { ...settingsOf(isThrowaway), port };
    try {
      const server = await runPostgres({ native, pgdata, settings, logFile, user });
      const ended = new Promise<void>((resolve) => server.child.once("exit", () => resolve()));
      const url = `postgres://${USER}:${password}@127.0.0.1:${port}/${DATABASE}`;
      try {
        await makeDatabase(url);
      } catch (error) {
        await server.stop();
        throw error;
      }
      const stop = async () => {
        await server.stop();
        // A test's files may be outside of the folder that the test removes.
        if (isThrowaway) await rm(folder, { recursive: true, force: true });
      };
      return { url, port, folder, ended, stop };
    } catch (error) {
      // Somebody took the port between our look and the start.
      const isPortTaken = error instanceof StartError && /could not create any TCP\/IP sockets/.test(error.message);
      if (!isPortTaken || options.port !== undefined || attempt >= 3) throw error;
    }
  }
}

/** Fits one machine that also runs the application: memory is modest, durability is complete. */
function settingsOf(isThrowaway: boolean): Record<string, string | number> {
  return {
    listen_addresses: "127.0.0.1",
    unix_socket_directories: "",
    password_encryption: "scram-sha-256",
    max_connections: isThrowaway ? 120 : 60,
    shared_buffers: "128MB",
    maintenance_work_mem: "64MB",
    max_wal_size: "512MB",
    timezone: "UTC",
    log_timezone: "UTC",
    log_min_messages: "warning",
    log_checkpoints: "off",
    ...(isThrowaway ? { fsync: "off", synchronous_commit: "off", full_page_writes: "off" } : {}),
  };
}

async function makeCluster(options: {
  native: string;
  folder: string;
  password: string;
  user: RunAs | undefined;
  isThrowaway: boolean;
}) {
  const { native, folder, password, user } = options;
  // A first start that was cut short leaves only this folder, and begins again.
  const unfinished = join(folder, "data.unfinished");
  const passwordFile = join(folder, "initdb.password");
  try {
    await rm(unfinished, { recursive: true, force: true });
    await writeFile(passwordFile, password, { mode: 0o600 });
    if (user) await chown(passwordFile, user.uid, user.gid);
    const args = [
      `--pgdata=${unfinished}`,
      `--username=${USER}`,
      `--pwfile=${passwordFile}`,
      "--auth=scram-sha-256",
      "--encoding=UTF8",
      "--locale-provider=builtin",
      "--builtin-locale=C.UTF-8",
      "--locale=C",
      "--data-checksums",
      ...(options.isThrowaway ? ["--no-sync"] : []),
    ];
    await promisify(execFile)(join(native, "bin", "initdb"), args, { ...identity(user), cwd: folder }).catch(
      (error) => {
        const reason = String(error.stderr ?? error.message);
        if (isAboutFullDisk(reason)) {
          throw new StartError(`The disk that holds ${folder} is full: free some space, then start again.`);
        }
        const line = reason.split("\n").find((text) => /error|fatal/i.test(text)) ?? reason;
        throw new StartError(`PostgreSQL's files could not be made in ${folder}: ${line.trim()}`);
      },
    );
    await rename(unfinished, join(folder, "data"));
  } catch (error) {
    throw asStartError(error, folder);
  } finally {
    await rm(passwordFile, { force: true });
  }
}

async function refuseOtherVersion(native: string, pgdata: string) {
  const { stdout } = await promisify(execFile)(join(native, "bin", "postgres"), ["--version"]);
  const program = /(\d+)/.exec(stdout)?.[1];
  const files = (await readFile(join(pgdata, "PG_VERSION"), "utf8")).trim();
  if (program !== files) {
    throw new StartError(
      `The files in ${pgdata} are of PostgreSQL ${files}, the installed program is ${program}: use the release that made them, dump, and load into a new data directory.`,
    );
  }
}

async function makeDatabase(url: string) {
  const admin = new URL(url);
  admin.pathname = "/postgres";
  const client = postgres(admin.href, { max: 1, onnotice: () => undefined });
  try {
    const [found] = await client`select 1 from pg_database where datname = ${DATABASE}`;
    if (!found) await client`create database ${client(DATABASE)}`;
  } catch (error) {
    if (error instanceof postgres.PostgresError && error.code === "28P01") {
      throw new StartError(
        "The password in postgres.password is not the database's: put back the file that was made with this data directory.",
      );
    }
    throw error;
  } finally {
    await client.end({ timeout: 5 });
  }
}

/** Made once; the same for the life of the data directory. */
async function passwordOf(file: string, pgdata: string): Promise<string> {
  const known = await readFile(file, "utf8").catch(() => undefined);
  if (known?.trim()) return known.trim();
  if (await isFile(join(pgdata, "PG_VERSION"))) {
    throw new StartError(`${file} is missing, and without it the database in ${pgdata} does not open: put it back.`);
  }
  const password = randomBytes(24).toString("base64url");
  await writeFile(file, `${password}\n`, { mode: 0o600 }).catch((error) => {
    throw asStartError(error, file);
  });
  return password;
}

const isFile = (path: string) =>
  stat(path).then(
    (found) => found.isFile(),
    () => false,
  );

/** A port of loopback that nobody listened on a moment ago. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() =>
        address && typeof address === "object" ? resolve(address.port) : reject(new Error("No port.")),
      );
    });
  });
}
