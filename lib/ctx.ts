import type { Actor } from "./auth/actor";
import type { Db } from "./db/client";
import type { Worker } from "./pipeline/worker";

/** What every verb gets: a database (or a transaction's) and who acts. */
export interface Ctx {
  db: Db;
  actor: Actor;
  /** Called by a verb that has committed work: it begins at once then, and with the minute's dispatch where nobody listens. */
  startWork?: () => void;
}

/**
 * What the edges (`action`, `endpoint`) pass: `worker` is built when it is first read. Verbs that only need the database
 * take Ctx; those that seal secrets or call sources take this.
 */
export interface WorkerCtx extends Ctx {
  readonly worker: Worker;
}
