import { sql } from "drizzle-orm";
import type { Actor } from "../auth/actor";
import type { Db } from "../db/client";
import { auditLog } from "../db/schema";
import { lockInTx } from "../db/tx";
import { asStoredJson, GENESIS_HASH, hashOfRow, storableText } from "./chain";

export interface AuditEntry {
  /** Noun, such as `meter`. */
  objectType: string;
  objectId: string;
  /** Where the change touches one meter: four-eyes review and tokens limited to meters read it. */
  meterId?: string;
  /** JSON. Never a secret: say "changed", not what to. */
  details?: Record<string, unknown>;
}

/**
 * Writes one row to the audit log, in the caller's transaction (`withTx`), so that there is no change without its row and
 * no row without its change. `action` is `noun.past-tense`, such as `job.paused`. Rows are put one after another by a lock
 * that lasts until the transaction ends: call it LAST in the transaction, or two transactions may wait for each other.
 */
export async function audit(tx: Db, actor: Actor, action: string, entry: AuditEntry): Promise<void> {
  await lockInTx(tx, "audit_log");
  // A statement of its own: its snapshot has to begin after the lock was granted.
  const [last] = await tx.execute<{ at: string; seq: string | null; hash: string | null }>(sql`
    select date_trunc('milliseconds', clock_timestamp()) as at, last.seq, last.hash
    from (select 1) as one
    left join lateral (select seq, hash from audit_log order by seq desc limit 1) as last on true`);
  if (!last) throw new Error("The audit log gave no answer.");
  const row = {
    seq: Number(last.seq ?? 0) + 1,
    at: new Date(last.at),
    actorKind: actor.kind,
    actorId: storableText(actor.kind === "system" ? actor.name : actor.id),
    actorName: storableText(actor.name),
    action,
    objectType: entry.objectType,
    objectId: storableText(entry.objectId),
    meterId: entry.meterId ?? null,
    details: asStoredJson(entry.details ?? {}),
    previousHash: last.hash ?? GENESIS_HASH,
  };
  await tx.insert(auditLog).values({ ...row, hash: hashOfRow(row) });
}
