import { join } from "node:path";
import { openArchive } from "../../lib/archive/open-archive";
import { asStartError, StartError } from "../start-error";
import { buildIfStale } from "./build";
import { Child } from "./child";
import { addressOf, type Configuration, innerAddressOf, logFolderOf, readConfiguration } from "./configuration";
import { lockDataDir } from "./data-dir-lock";
import { assertKeysFit, prepareDatabase, throughRestarts } from "./database";
import { DatabaseService } from "./database-service";
import { rotateLog } from "./log-file";
import { assertPortFree, innerPorts } from "./ports";
import { appEnvironment, childSpecs, type InnerPort, innerPortNames } from "./processes";
import { untilHealthy } from "./ready";
import { registerApp } from "./register-app";
import { loadSecrets } from "./secrets-file";
import { onStopRequest } from "./stop-requests";
import { say } from "./terminal";

export interface Prepared {
  configuration: Configuration;
  /** The application's environment. */
  env: NodeJS.ProcessEnv;
  address: string;
  ports: Record<InnerPort, number>;
}

export interface Command {
  kind: "demo" | "start";
  isDev: boolean;
  /** Between migration and the start of the application: users, seeds. Gives the lines to print when all is ready. */
  prepare(prepared: Prepared): Promise<string[]>;
  /** Beside the application, once it is ready, until `signal` aborts. */
  afterReady?(prepared: Prepared, signal: AbortSignal): Promise<void>;
}

const HEALTHY_WITHIN_MS = 120_000;

/** What is running, in the order of starting. */
interface Running {
  children: Child[];
  database?: DatabaseService;
  unlock?: () => Promise<void>;
}

/** Starts everything, in order; resolves when it was asked to stop and has, throws StartError when it cannot go on. */
export async function supervise(command: Command): Promise<void> {
  const configuration = readConfiguration(command, process.env);
  const stopping = new AbortController();
  const running: Running = { children: [] };
  let failure: unknown;
  const stop = (reason: string) => {
    if (!stopping.signal.aborted) say("meterproof", `stopping (${reason}) …`);
    stopping.abort();
  };
  const giveUp = (reason: string) => {
    failure ??= new StartError(`Everything stops: ${reason}`);
    stop("a process cannot be kept running");
  };
  const unlisten = onStopRequest(stop, () => {
    for (const child of running.children) child.kill();
  });
  try {
    await run(command, configuration, running, stopping.signal, giveUp);
  } catch (error) {
    failure ??= asStartError(error, configuration.dataDir);
    stopping.abort();
  }
  // The application first, so that nothing it still does finds its services gone; PostgreSQL last.
  for (const child of running.children.reverse()) await child.stop();
  await running.database?.stop();
  await running.unlock?.();
  unlisten();
  if (failure) throw failure;
  say("meterproof", "stopped");
}

async function run(
  command: Command,
  configuration: Configuration,
  running: Running,
  signal: AbortSignal,
  giveUp: (reason: string) => void,
): Promise<void> {
  const { dataDir, port, host } = configuration;
  running.unlock = await lockDataDir(dataDir);
  await assertPortFree(host, port);
  const secrets = await loadSecrets(dataDir, process.env);
  const ports = await innerPorts(dataDir, innerPortNames);
  // Building needs no service, and is over before anything is started that would compete with it.
  if (!command.isDev) await buildIfStale(signal);
  if (signal.aborted) return;
  // From here on files are data: archive, logs, database. Other users of the machine have no business in them.
  process.umask(0o077);
  const databaseUrl = configuration.databaseUrl ?? (await startDatabase(dataDir, ports.postgres, running, giveUp));
  const plan = { configuration, secrets, ports, databaseUrl, env: process.env };
  const env = appEnvironment(plan);
  const isEmbedded = running.database !== undefined;
  const prepared = { configuration, env, address: addressOf(configuration), ports };
  const lines = await throughRestarts({ url: databaseUrl, isEmbedded }, signal, async () => {
    await prepareDatabase(databaseUrl);
    await assertKeysFit(databaseUrl, secrets);
    await checkArchive(env.ARCHIVE_URL ?? "");
    return command.prepare(prepared);
  });
  for (const spec of childSpecs(plan, env)) {
    if (signal.aborted) return;
    const child = new Child(spec, giveUp);
    running.children.push(child);
    child.start();
    say(spec.name, "started");
  }
  const inner = innerAddressOf(configuration);
  const problem = await untilHealthy(inner, HEALTHY_WITHIN_MS, signal);
  if (signal.aborted) return;
  if (problem) {
    const logFile = join(logFolderOf(dataDir), "app.log");
    throw new StartError(`The application did not become ready: ${problem}. Its log is ${logFile}.`);
  }
  if (configuration.inngest) void registerApp(inner, signal);
  process.stdout.write(`\n${lines.join("\n")}\n\n`);
  const beside = command.afterReady?.(prepared, signal);
  await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
  await beside;
}

async function startDatabase(dataDir: string, port: number, running: Running, giveUp: (reason: string) => void) {
  const logFile = rotateLog(logFolderOf(dataDir), "postgres");
  running.database = new DatabaseService({ dataDir, port, logFile }, giveUp);
  const server = await running.database.start();
  const isElsewhere = server.folder !== join(dataDir, "postgres");
  say("postgres", `ready on port ${server.port}${isElsewhere ? `; its files are in ${server.folder}` : ""}`);
  return server.url;
}

async function checkArchive(address: string) {
  try {
    await openArchive(address).check();
  } catch (error) {
    throw new StartError(error instanceof Error ? error.message : String(error));
  }
}
