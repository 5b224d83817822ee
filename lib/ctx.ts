import type { Actor } from "./auth/actor";
import type { Db } from "./db/client";

/** What every verb gets: a database (or a transaction's) and who acts. */
export interface Ctx {
  db: Db;
  actor: Actor;
}
