import type { FunctionRegistry } from "./registration/registry";
import type { Settings } from "./settings";
import type { Database } from "./store/database";

/** What every part of a running server shares. */
export interface Engine {
  sql: Database;
  settings: Settings;
  functions: FunctionRegistry;
  /** Says that a job may have become ready, so that it starts now and not at the next look. */
  jobsChanged(): void;
  /** Says that a wait, an event or a schedule may have become due earlier than known. */
  timersChanged(): void;
}
