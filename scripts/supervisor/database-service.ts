import { type EmbeddedPostgres, startEmbeddedPostgres } from "../postgres";
import { Restarts } from "./restarts";
import { say } from "./terminal";

/** The embedded PostgreSQL kept running on one port, so that the address in everybody's environment stays true. */
export class DatabaseService {
  readonly #restarts = new Restarts();
  #server: EmbeddedPostgres | undefined;
  #isStopping = false;

  constructor(
    private readonly options: { dataDir: string; port: number; logFile: string },
    private readonly giveUp: (reason: string) => void,
  ) {}

  async start(): Promise<EmbeddedPostgres> {
    const server = await startEmbeddedPostgres(this.options);
    this.#server = server;
    void server.ended.then(() => this.#onEnd());
    return server;
  }

  #onEnd() {
    this.#server = undefined;
    if (this.#isStopping) return;
    const pauseMs = this.#restarts.afterDeath();
    if (pauseMs === undefined) {
      this.giveUp(`PostgreSQL ended again and again. Its log is ${this.options.logFile}.`);
      return;
    }
    say("postgres", `ended; starting again in ${pauseMs / 1000} s`);
    setTimeout(() => {
      if (this.#isStopping) return;
      this.start().catch((error: unknown) => this.giveUp(error instanceof Error ? error.message : String(error)));
    }, pauseMs);
  }

  async stop(): Promise<void> {
    this.#isStopping = true;
    await this.#server?.stop();
  }
}
