import { type SQL, sql } from "drizzle-orm";
import type { Db } from "../../db/client";
import { withTx } from "../../db/tx";
import type { AttemptResult } from "./attempt-result";
import { nextAttempt } from "./back-off";
import type { Message } from "./send";

/** Longer than any try: a claim past it is of a sender that died. */
const CLAIM_SECONDS = 120;

export interface Claimed extends Message {
  /** Number of this attempt. */
  number: number;
  giveUpAt: Date;
}

/** Pending ones whose time has come and that nobody is sending; of paused channels only tests that were cut short. */
export function dueMessages(now: Date): SQL {
  const at = sql`${now.toISOString()}::timestamptz`;
  return sql`n.state = 'pending' and n.next_attempt_at <= ${at} and (n.type = 'test' or not c.is_paused)
    and (n.claimed_until is null or n.claimed_until <= ${at})`;
}

/**
 * Takes messages to send and records an attempt at each BEFORE it is made. An earlier attempt without an end is of a sender that
 * died: nobody knows whether its message arrived, and it goes out again with the same id.
 */
export async function claimMessages(db: Db, where: SQL, most: number, now: Date): Promise<Claimed[]> {
  const at = sql`${now.toISOString()}::timestamptz`;
  return withTx(db, async (tx) => {
    const rows = await tx.execute<{
      id: string;
      created_at: string;
      content: Message["content"];
      channel_id: string;
      target: string;
      number: number;
      give_up_at: string;
    }>(sql`
      with taken as (
        select n.id from notifications n join notification_channels c on c.id = n.channel_id
        where ${where} order by n.next_attempt_at, n.id limit ${most} for update of n skip locked
      )
      update notifications n set attempt_count = n.attempt_count + 1,
        claimed_until = ${at} + make_interval(secs => ${CLAIM_SECONDS})
      from taken t, notification_channels c
      where n.id = t.id and c.id = n.channel_id
      returning n.id, n.created_at, n.content, n.channel_id, c.target, n.attempt_count as number, n.give_up_at`);
    if (rows.length === 0) return [];
    const ids = `{${rows.map(({ id }) => id).join(",")}}`;
    await tx.execute(sql`
      update delivery_attempts set outcome = 'unknown', message = 'It was cut off: it may have arrived.'
      where notification_id = any(${ids}::uuid[]) and outcome is null`);
    await tx.execute(sql`
      insert into delivery_attempts (notification_id, number, started_at)
      select id, attempt_count, ${at} from notifications where id = any(${ids}::uuid[])`);
    return rows.map((row) => ({
      id: row.id,
      createdAt: new Date(row.created_at),
      content: row.content,
      channel: { id: row.channel_id, target: row.target },
      number: row.number,
      giveUpAt: new Date(row.give_up_at),
    }));
  });
}

/** Writes how it went, and what follows. Of an attempt that somebody took over meanwhile only the former. */
export async function recordResult(
  db: Db,
  claimed: Claimed,
  result: AttemptResult & { durationMs: number },
  now: Date,
): Promise<void> {
  const isDelivered = result.outcome === "delivered";
  const next = isDelivered ? null : nextAttempt(claimed, result, now);
  const state = isDelivered ? "delivered" : next ? "pending" : "failed";
  await withTx(db, async (tx) => {
    await tx.execute(sql`
      update delivery_attempts set outcome = ${result.outcome}, status = ${result.status ?? null},
        duration_ms = ${result.durationMs}, message = ${result.message}, answer = ${result.answer || null}
      where notification_id = ${claimed.id} and number = ${claimed.number}`);
    await tx.execute(sql`
      update notifications set state = ${state}, claimed_until = null, next_attempt_at = ${next?.toISOString() ?? null}::timestamptz,
        delivered_at = ${isDelivered ? now.toISOString() : null}::timestamptz
      where id = ${claimed.id} and attempt_count = ${claimed.number} and state = 'pending'`);
  });
}
