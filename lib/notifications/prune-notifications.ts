import { type SQL, sql } from "drizzle-orm";
import type { Db } from "../db/client";

/** A year with its comparison to the one before, as auditors and yearly reviews ask. */
const KEPT_DAYS = 400;

/** A statement deletes no more, so that nobody waits long for its locks. */
const ROWS_AT_ONCE = 2_000;

export interface Pruned {
  incidents: number;
  messages: number;
  /** More is left than these rows. */
  isLeft: boolean;
}

/**
 * Forgets incidents that ended and messages that were delivered or given up more than 400 days ago, with their attempts. An
 * incident that a channel was told of and whose end it has yet to be told is kept, however old.
 */
export async function pruneNotifications(db: Db, now: Date, most = ROWS_AT_ONCE): Promise<Pruned> {
  const before = sql`${now.toISOString()}::timestamptz - make_interval(days => ${KEPT_DAYS})`;
  const incidents = await deleteSome(
    db,
    sql`delete from incidents where id in (
      select i.id from incidents i
      where i.closed_at < ${before} and not exists (
        select from announcements a where a.kind = i.kind and a.subject_id = i.subject_id and a.is_open)
      limit ${most} for update skip locked)`,
  );
  const messages = await deleteSome(
    db,
    sql`delete from notifications where id in (
      select id from notifications where state <> 'pending' and created_at < ${before} limit ${most} for update skip locked)`,
  );
  return { incidents, messages, isLeft: incidents === most || messages === most };
}

async function deleteSome(db: Db, statement: SQL): Promise<number> {
  return (await db.execute(statement)).count;
}
