import { sql } from "drizzle-orm";
import { authorise, meterScope } from "../auth/actor";
import type { Ctx } from "../ctx";
import { arrayLiteral } from "../pipeline/etl/array-literal";
import { statedCalls } from "./stated-calls";
import { waitingForQuota } from "./waiting-for-quota";

/** Calls a day of the source account that a meter uses. */
export interface MeterQuota {
  /** A recognisable piece of the credential. */
  hint: string;
  limit: number;
  used: number;
  /** When the running window ends; null: nothing was taken since the last one ended. */
  resetAt: string | null;
  accountKey: string;
  /** Meters on the account by name, this one among them; archived ones left out. */
  meters: { id: string; name: string }[];
  /** What meters on the account say it allows a day where they do not agree, lowest first: that one holds. Otherwise empty. */
  disagreeing: number[];
  /** Tasks of any of them that wait for the account's quota. */
  tasksWaiting: number;
}

/** Null where the account has no limit a day, or nothing was asked of it yet. */
export async function meterQuota(ctx: Ctx, meterId: string, now = new Date()): Promise<MeterQuota | null> {
  authorise(ctx.actor, "fleet:read", meterId);
  const scope = meterScope(ctx.actor);
  const at = sql`${now.toISOString()}::timestamptz`;
  const [row] = await ctx.db.execute<{
    type: string;
    hint: string;
    accountKey: string;
    limit: number;
    used: number;
    reset_at: string | null;
    meters: MeterQuota["meters"];
    tasksWaiting: number;
  }>(sql`
    select m.type, m.credential_hint as hint, m.account_key as "accountKey", q."limit", case when q.reset_at > ${at} then q.used else 0 end as used,
      case when q.reset_at > ${at} then q.reset_at end as reset_at,
      shared.meters, ${waitingForQuota(sql`shared.ids`)} as "tasksWaiting"
    from meters m join source_quotas q on q.account_key = m.account_key and q."window" = 'day'
      cross join lateral (
        select coalesce(json_agg(json_build_object('id', o.id, 'name', o.name) order by o.name, o.id), '[]') as meters,
          coalesce(array_agg(o.id), '{}') as ids
        from meters o where o.account_key = m.account_key and o.archived_at is null ${scope ? sql`and o.id = any(${arrayLiteral(scope)}::uuid[])` : sql``}
      ) shared
    where m.id = ${meterId}::uuid`);
  if (!row) return null;
  const { reset_at, type, ...quota } = row;
  const stated = new Set((await statedCalls(ctx.db, type, row.accountKey)).map(({ calls }) => calls));
  return {
    ...quota,
    disagreeing: stated.size > 1 ? [...stated].sort((a, b) => a - b) : [],
    resetAt: reset_at ? new Date(reset_at).toISOString() : null,
  };
}
