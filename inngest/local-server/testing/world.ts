import type { Inngest, InngestFunction } from "inngest";
import postgres from "postgres";
import { vi } from "vitest";
import { type LocalServer, type LocalServerOptions, startLocalServer } from "../index";
import { keys, TestApp, testClient } from "./app";

// Waits end as soon as what they wait for is there; only a machine that is busy with other things needs this long.
vi.setConfig({ testTimeout: 60_000 });

/** A run as the server's API shows it. */
export interface SeenRun {
  run_id: string;
  function_id: string;
  status: "Scheduled" | "Running" | "Completed" | "Failed" | "Cancelled";
  output: unknown;
}

/** A server and an app that belong together, on an empty database. */
export class World {
  readonly app = new TestApp();
  readonly sql: postgres.Sql;
  readonly logged: string[] = [];
  readonly #options: Partial<LocalServerOptions>;
  readonly #databaseUrl: string;
  #server: LocalServer | undefined;
  #client: Inngest | undefined;
  #port = 0;

  private constructor(databaseUrl: string, options: Partial<LocalServerOptions>) {
    this.#databaseUrl = databaseUrl;
    this.#options = options;
    this.sql = postgres(databaseUrl, {
      max: 2,
      connection: { search_path: "inngest_local" },
      onnotice: () => undefined,
    });
  }

  /** Starts a server and an app with the functions made of its client, and waits until they are registered. */
  static async create(
    databaseUrl: string,
    makeFunctions: (client: Inngest) => InngestFunction.Any[],
    options: Partial<LocalServerOptions> = {},
  ): Promise<World> {
    const world = new World(databaseUrl, options);
    await world.sql`drop schema if exists inngest_local cascade`;
    await world.app.listen();
    await world.startServer();
    const functions = makeFunctions(world.client);
    world.app.mount(world.client, functions);
    if (functions.length > 0) await world.until(() => world.logged.some((line) => line.includes("app registered")));
    return world;
  }

  get client(): Inngest {
    if (!this.#client) throw new Error("The server was not started");
    return this.#client;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** Starts the server, again on the port it had before. */
  async startServer(): Promise<void> {
    this.#server = await startLocalServer({
      databaseUrl: this.#databaseUrl,
      port: this.#port,
      ...keys,
      sdkUrls: [this.app.url],
      backoffMs: [30],
      syncIntervalMs: 100,
      leaseMs: 2_000,
      log: (level, message, facts) => this.logged.push(`${level} ${message} ${JSON.stringify(facts)}`),
      ...this.#options,
    });
    this.#port = Number(new URL(this.#server.url).port);
    this.#client ??= testClient(this.#server.url);
  }

  async stopServer(): Promise<void> {
    await this.#server?.close();
    this.#server = undefined;
  }

  async close(): Promise<void> {
    await this.stopServer();
    await this.app.close();
    await this.sql.end();
  }

  /** Sends an event and returns the server's id of it. */
  async send(
    name: string,
    data: Record<string, unknown> = {},
    more: { id?: string; ts?: number } = {},
  ): Promise<string> {
    const { ids } = await this.client.send({ name, data, ...more });
    return ids[0] ?? "";
  }

  /** Sends an event and waits for all the runs it starts to end. */
  async run(name: string, data: Record<string, unknown> = {}): Promise<SeenRun> {
    const id = await this.send(name, data);
    return this.endOf(id);
  }

  /** The first run of an event, once it has ended. */
  async endOf(eventId: string): Promise<SeenRun> {
    let ended: SeenRun | undefined;
    await this.until(async () => {
      [ended] = await this.runsOf(eventId);
      return ended !== undefined && !["Scheduled", "Running"].includes(ended.status);
    });
    if (!ended) throw new Error("The run vanished");
    return ended;
  }

  async runsOf(eventId: string): Promise<SeenRun[]> {
    const response = await this.api(`/v1/events/${eventId}/runs`);
    return ((await response.json()) as { data: SeenRun[] }).data;
  }

  /** A request to the server's API with the right key. */
  async api(path: string, init: RequestInit = {}): Promise<Response> {
    const { hashSigningKey } = await import("../protocol/signature");
    const headers = { authorization: `Bearer ${hashSigningKey(keys.signingKey)}` };
    return fetch(this.url + path, { headers, ...init });
  }

  async registeredFunctions(): Promise<string[]> {
    const rows = await this.sql<{ id: string }[]>`select id from function where archived_at is null order by id`;
    return rows.map((row) => row.id);
  }

  /** Waits until something holds; fails loudly if it does not within the time. */
  async until(holds: () => boolean | Promise<boolean>, timeoutMs = 30_000): Promise<void> {
    const deadline = Date.now() + timeoutMs;
    while (!(await holds())) {
      if (Date.now() > deadline) throw new Error(`It did not happen: ${holds}\n${this.logged.join("\n")}`);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }
}

/** Lets time pass. */
export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
