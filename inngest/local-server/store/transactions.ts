import postgres from "postgres";
import { connectionOptions } from "./database";

/** A transaction in progress: statements as tagged templates, and texts of several statements without parameters. */
export interface Tx {
  <Rows extends readonly (object | undefined)[] = postgres.Row[]>(
    template: TemplateStringsArray,
    ...parameters: readonly postgres.ParameterOrFragment<never>[]
  ): postgres.PendingQuery<Rows>;
  unsafe(text: string): postgres.PendingQuery<postgres.Row[]>;
}

const deadlockDetected = "40P01";

/**
 * Runs transactions, each on a connection of its own, and not by the driver's `begin`, which cannot be trusted here:
 * it may send BEGIN after other statements on a busy connection and then leave that inside a transaction of nobody
 * (UNSAFE_TRANSACTION), and when a connection is lost it rolls back on what is no longer there, which ends the process.
 * A transaction that fails costs its connection; PostgreSQL then rolls back by itself.
 */
export class Transactions {
  readonly #databaseUrl: string;
  readonly #idle: (Session | null)[];
  readonly #waiting: ((session: Session | null) => void)[] = [];

  constructor(databaseUrl: string, maxConnections: number) {
    this.#databaseUrl = databaseUrl;
    this.#idle = Array.from({ length: maxConnections }, () => null);
  }

  /** Runs one transaction, again when PostgreSQL chose it as the victim of a deadlock. */
  async run<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.#runOnce(work);
      } catch (error) {
        const isDeadlock = error instanceof postgres.PostgresError && error.code === deadlockDetected;
        if (!isDeadlock || attempt >= 5) throw error;
      }
    }
  }

  async end(): Promise<void> {
    await Promise.all(this.#idle.map((session) => session?.close()));
  }

  async #runOnce<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    let session = await this.#take();
    if (session?.isLost) {
      await session.close();
      session = null;
    }
    session ??= new Session(this.#databaseUrl);
    try {
      await session.tx`begin`;
      const result = await work(session.tx);
      await session.tx`commit`;
      this.#give(session);
      return result;
    } catch (error) {
      await session.close();
      this.#give(null);
      throw error;
    }
  }

  #take(): Promise<Session | null> | Session | null {
    const session = this.#idle.pop();
    return session === undefined ? new Promise((resolve) => this.#waiting.push(resolve)) : session;
  }

  #give(session: Session | null): void {
    const next = this.#waiting.shift();
    if (next) next(session);
    else this.#idle.push(session);
  }
}

/** One connection. The driver would silently make another one for the rest of a transaction; here that is an error. */
class Session {
  readonly tx: Tx;
  readonly #sql: postgres.Sql;
  #isLost = false;

  constructor(databaseUrl: string) {
    this.#sql = postgres(databaseUrl, {
      ...connectionOptions,
      max: 1,
      max_lifetime: null,
      onclose: () => {
        this.#isLost = true;
      },
    });
    const assertAlive = (): void => {
      if (this.#isLost) throw new Error("The connection to the database was lost during a transaction");
    };
    const tx: Tx = (template, ...parameters) => {
      assertAlive();
      return this.#sql(template, ...parameters);
    };
    tx.unsafe = (text) => {
      assertAlive();
      return this.#sql.unsafe(text);
    };
    this.tx = tx;
  }

  get isLost(): boolean {
    return this.#isLost;
  }

  async close(): Promise<void> {
    this.#isLost = true;
    await this.#sql.end({ timeout: 0 });
  }
}
