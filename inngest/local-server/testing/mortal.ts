import { type ChildProcess, spawn } from "node:child_process";
import { createServer } from "node:net";

const living = new Set<ChildProcess>();

/** A TypeScript program that can be killed at any moment and started again as it was. */
export class Mortal {
  #child: ChildProcess | undefined;
  constructor(
    readonly args: readonly string[],
    readonly env: Readonly<Record<string, string>>,
  ) {}

  start(): void {
    const child = spawn(process.execPath, ["--import", "tsx", ...this.args], {
      env: { ...process.env, ...this.env },
      stdio: "ignore",
    });
    living.add(child);
    child.once("exit", () => living.delete(child));
    this.#child = child;
  }

  /** SIGKILL; returns when it is dead. Nothing happens to one that does not live. */
  async kill(): Promise<void> {
    const child = this.#child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    await new Promise((resolve) => {
      child.once("exit", resolve);
      child.kill("SIGKILL");
    });
  }
}

/** For after each test. */
export function killAll(): void {
  for (const child of living) child.kill("SIGKILL");
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new Error("There is no free port");
  return address.port;
}
