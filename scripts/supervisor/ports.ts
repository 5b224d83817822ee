import { readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { freePort } from "../postgres";
import { asStartError, errnoOf, StartError } from "../start-error";

/** Throws StartError when somebody listens there, or the address is not of this machine. */
export async function assertPortFree(host: string, port: number): Promise<void> {
  const code = await tryToListen(host, port);
  if (code === undefined) return;
  if (code === "EADDRINUSE") {
    throw new StartError(`Port ${port} is in use: stop what listens there, or set PORT to another number.`);
  }
  if (code === "EACCES") throw new StartError(`Port ${port} needs more rights: set PORT to a number above 1023.`);
  throw new StartError(
    `${host} is no address of this machine (${code}): set HOST to one, or leave it out for loopback.`,
  );
}

function tryToListen(host: string, port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", (error) => resolve(errnoOf(error) ?? error.message));
    probe.listen({ host, port, exclusive: true }, () => probe.close(() => resolve(undefined)));
  });
}

/**
 * Ports for our own servers on loopback. Those of the last start are taken again where they are free: credentials of an S3
 * meter name the simulator's address.
 */
export async function innerPorts<Name extends string>(
  dataDir: string,
  names: readonly Name[],
): Promise<Record<Name, number>> {
  const file = join(dataDir, "ports.json");
  // Missing or damaged: only the wish for the same ports as last time is lost.
  const last = await readFile(file, "utf8")
    .then((text) => JSON.parse(text) as Partial<Record<string, number>>)
    .catch((): Partial<Record<string, number>> => ({}));
  const ports = { ...last } as Record<Name, number>;
  const taken = new Set<number>();
  for (const name of names) {
    let port: number | undefined = last[name];
    if (port === undefined || taken.has(port) || (await tryToListen("127.0.0.1", port)) !== undefined) port = undefined;
    while (port === undefined || taken.has(port)) port = await freePort();
    taken.add(port);
    ports[name] = port;
  }
  await writeFile(file, `${JSON.stringify(ports)}\n`, { mode: 0o600 }).catch((error) => {
    throw asStartError(error, file);
  });
  return ports;
}
