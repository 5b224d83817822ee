import { sql } from "drizzle-orm";
import type { QuotaLimit } from "../connectors/contract";
import { connectorOf, settingsOf } from "../connectors/registry";
import type { Db } from "../db/client";

/** What a meter's settings say of its account's calls a day. */
interface StatedCalls {
  meterId: string;
  calls: number;
}

/**
 * What the live meters on an account say it allows a day, for a vendor that never tells. People can give meters on one key
 * different numbers; the lowest holds for all of them, because a call too many cannot be taken back.
 */
export async function statedCalls(db: Db, type: string, accountKey: string): Promise<StatedCalls[]> {
  const connector = connectorOf(type);
  const setting = connector.dailyCallsSetting;
  if (!setting) return [];
  const rows = await db.execute<{ id: string; settings: Record<string, unknown> }>(sql`
    select id, settings from meters
    where account_key = ${accountKey} and data_source_type = 'API' and archived_at is null`);
  return rows.map(({ id, settings }) => {
    const known = settingsOf(connector, "API", settings) as Record<string, unknown>;
    return { meterId: id, calls: Number(known[setting]) };
  });
}

/** The limits that one meter declares, with what the account's other meters say. Its own stored settings are left out. */
export async function accountLimits(
  db: Db,
  declared: readonly QuotaLimit[],
  meter: { id?: string; type: string; accountKey: string },
): Promise<readonly QuotaLimit[]> {
  if (!declared.some(({ isDeclared }) => isDeclared)) return declared;
  const stated = await statedCalls(db, meter.type, meter.accountKey);
  const others = stated.filter(({ meterId }) => meterId !== meter.id).map(({ calls }) => calls);
  return declared.map((limit) => (limit.isDeclared ? { ...limit, limit: Math.min(limit.limit, ...others) } : limit));
}

/** Where what is counted already gets a new limit because a meter came, went or changed: shown before the next call is made. */
export async function restateCalls(tx: Db, type: string, accountKey: string): Promise<void> {
  const stated = await statedCalls(tx, type, accountKey);
  if (stated.length === 0) return;
  const lowest = Math.min(...stated.map(({ calls }) => calls));
  await tx.execute(sql`
    update source_quotas set "limit" = ${lowest}, updated_at = now()
    where account_key = ${accountKey} and "window" = 'day' and "limit" <> ${lowest}`);
}
