import { sql } from "drizzle-orm";
import { authorise } from "../auth/actor";
import type { Ctx } from "../ctx";

/** Calls a day of the source account that a meter uses. */
export interface MeterQuota {
  /** A recognisable piece of the credential. */
  hint: string;
  limit: number;
  used: number;
  /** When the running window ends; null: nothing was taken since the last one ended. */
  resetAt: string | null;
  /** Meters on the account, this one among them. */
  meters: number;
}

/** Null where the account has no limit a day, or nothing was asked of it yet. */
export async function meterQuota(ctx: Ctx, meterId: string, now = new Date()): Promise<MeterQuota | null> {
  authorise(ctx.actor, "fleet:read", meterId);
  const at = sql`${now.toISOString()}::timestamptz`;
  const [row] = await ctx.db.execute<{
    hint: string;
    limit: number;
    used: number;
    reset_at: string | null;
    meters: number;
  }>(sql`
    select m.credential_hint as hint, q."limit", case when q.reset_at > ${at} then q.used else 0 end as used,
      case when q.reset_at > ${at} then q.reset_at end as reset_at,
      (select count(*)::int from meters o where o.account_key = m.account_key and o.archived_at is null) as meters
    from meters m join source_quotas q on q.account_key = m.account_key and q."window" = 'day'
    where m.id = ${meterId}::uuid`);
  if (!row) return null;
  const { reset_at, ...quota } = row;
  return { ...quota, resetAt: reset_at ? new Date(reset_at).toISOString() : null };
}
