import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { LogFile, rotateLog, shortFormOf } from "./log-file";
import { Restarts } from "./restarts";
import { say } from "./terminal";

const followParent = new URL("./follow-parent.mjs", import.meta.url).href;
const root = fileURLToPath(new URL("../..", import.meta.url));

export interface ChildSpec {
  name: string;
  /** Arguments for node: the script, or `--import tsx script.ts`. */
  args: string[];
  env: NodeJS.ProcessEnv;
  logFolder: string;
  /** Time to finish after SIGTERM. */
  graceMs?: number;
}

/** A Node process that is kept running: started again with back-off when it dies, given up after several quick deaths. */
export class Child {
  #process: ChildProcess | undefined;
  #isStopping = false;
  readonly #restarts = new Restarts();
  readonly #log: LogFile;

  constructor(
    readonly spec: ChildSpec,
    private readonly giveUp: (reason: string) => void,
  ) {
    this.#log = new LogFile(rotateLog(spec.logFolder, spec.name), (line) => {
      const text = shortFormOf(line);
      if (text) say(spec.name, text);
    });
  }

  start(): void {
    const { name, args, env } = this.spec;
    // Its own session: Ctrl-C goes to the supervisor alone, which stops the children in order.
    const child = spawn(process.execPath, ["--import", followParent, ...args], {
      cwd: root,
      env,
      detached: true,
      stdio: ["pipe", "pipe", "pipe"],
    });
    this.#process = child;
    child.stdout.on("data", (chunk: Buffer) => this.#log.write(chunk));
    child.stderr.on("data", (chunk: Buffer) => this.#log.write(chunk));
    // The pipe breaks when the child dies, which `exit` reports.
    child.stdin.on("error", () => undefined);
    child.once("error", (error) => this.giveUp(`The process "${name}" could not be started: ${error.message}.`));
    child.once("exit", (code, signal) => this.#onExit(code, signal));
  }

  #onExit(code: number | null, signal: NodeJS.Signals | null) {
    this.#process = undefined;
    if (this.#isStopping) return;
    const { name } = this.spec;
    const how = signal ? `was ended by ${signal}` : `ended with exit code ${code}`;
    const pauseMs = this.#restarts.afterDeath();
    if (pauseMs === undefined) {
      this.giveUp(`"${name}" ${how} again and again (${this.#lastWords()}). Its log is ${this.#log.path}.`);
      return;
    }
    say(name, `${how}; starting again in ${pauseMs / 1000} s`);
    setTimeout(() => {
      if (!this.#isStopping) this.start();
    }, pauseMs);
  }

  #lastWords(): string {
    const line = this.#log.lastLines.findLast((text) => /error|fail|cannot|missing/i.test(text));
    return (shortFormOf(line ?? "") ?? line ?? this.#log.lastLines.at(-1) ?? "it said nothing").trim().slice(0, 300);
  }

  /** SIGTERM, then SIGKILL to its whole session when the grace is over. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    const child = this.#process;
    if (child?.pid !== undefined) {
      const gone = once(child, "exit");
      child.kill("SIGTERM");
      const isGone = await Promise.race([
        gone.then(() => true),
        sleep(this.spec.graceMs ?? 9_000, false, { ref: false }),
      ]);
      if (!isGone) this.kill();
      await gone;
    }
    this.#log.close();
  }

  kill(): void {
    const pid = this.#process?.pid;
    if (pid === undefined) return;
    try {
      process.kill(-pid, "SIGKILL");
    } catch {
      // It went by itself meanwhile.
      this.#process?.kill("SIGKILL");
    }
  }
}
