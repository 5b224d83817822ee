import { sql } from "drizzle-orm";
import { z } from "zod";
import { authorise, meterScope } from "../auth/actor";
import type { Ctx } from "../ctx";
import { decodeCursor, type Page, page, pageQuery } from "../http/cursor";
import { waitingForQuota } from "./waiting-for-quota";

export const listQuotasQuery = z.object({ ...pageQuery, meterId: z.array(z.uuid()).optional() });

export const quotaDto = z.object({
  accountKey: z.string().meta({ description: "Names the account by type and a fingerprint, not by its credential." }),
  window: z.enum(["second", "day"]),
  limit: z.number().int(),
  used: z.number().int().meta({ description: "Calls taken in the running window; of a second, in its running part." }),
  remaining: z.number().int().meta({ description: "What the limit leaves." }),
  tasksWaiting: z.number().int().meta({ description: "Tasks of these meters that wait for the account's quota." }),
  resetAt: z.iso.datetime().meta({ description: "When the running window ends; in the past: nothing is taken." }),
  meterIds: z.array(z.uuid()).meta({ description: "Meters of this account, archived ones left out." }),
});
export type QuotaDto = z.infer<typeof quotaDto>;

type Row = {
  account_key: string;
  window: "second" | "day";
  limit: number;
  used: number;
  reset_at: string;
  meter_ids: string[];
  waiting: number;
};

/**
 * Windows of every account that a meter uses. A window that has run out counts as unused: it opens anew with the next call. A
 * token that is limited to meters sees only their accounts, and only its own meters on them.
 */
export async function listQuotas(ctx: Ctx, input: z.input<typeof listQuotasQuery>): Promise<Page<QuotaDto>> {
  authorise(ctx.actor, "fleet:read");
  const { cursor, limit, meterId } = listQuotasQuery.parse(input);
  const after = cursor === undefined ? undefined : decodeCursor(cursor, z.tuple([z.string(), z.string()]));
  const scope = meterScope(ctx.actor);
  const wanted = scope && meterId ? meterId.filter((id) => scope.includes(id)) : (meterId ?? scope);
  const rows = await ctx.db.execute<Row>(sql`
    select q.account_key, q."window", q."limit", case when q.reset_at > now() then q.used else 0 end as used,
      q.reset_at, array_agg(m.id order by m.id) as meter_ids,
      ${waitingForQuota(sql`array_agg(m.id)`)} as waiting
    from source_quotas q join meters m on m.account_key = q.account_key
    where m.archived_at is null
      ${wanted ? sql`and m.id::text in (select jsonb_array_elements_text(${JSON.stringify(wanted)}::jsonb))` : sql``}
      ${after ? sql`and (q.account_key, q."window") > (${after[0]}, ${after[1]})` : sql``}
    group by q.account_key, q."window"
    order by q.account_key, q."window" limit ${limit + 1}`);
  return page(
    rows,
    limit,
    (row) => [row.account_key, row.window],
    (row) => ({
      accountKey: row.account_key,
      window: row.window,
      limit: row.limit,
      used: row.used,
      remaining: Math.max(0, row.limit - row.used),
      tasksWaiting: row.waiting,
      resetAt: new Date(row.reset_at).toISOString(),
      meterIds: row.meter_ids,
    }),
  );
}
