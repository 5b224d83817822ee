import type { FunctionRegistry } from "./registration/registry";
import type { Settings } from "./settings";
import type { Database } from "./store/database";
import type { Transactions, Tx } from "./store/transactions";

/** What every part of a running server shares. */
export interface Engine {
  /** For single statements. */
  sql: Database;
  transactions: Transactions;
  settings: Settings;
  functions: FunctionRegistry;
  /**
   * Lets an event of the server itself be heard by whoever listens. Held here because the end of a run is an event, and
   * an event may end runs: the two would otherwise have to import each other.
   */
  emit(tx: Tx, name: string, data: Record<string, unknown>): Promise<void>;
  /** Says that a job may have become ready, so that it starts now and not at the next look. */
  jobsChanged(): void;
  /** Says that a wait, an event or a schedule may have become due earlier than known. */
  timersChanged(): void;
}
