import { sql } from "drizzle-orm";
import { authorise, meterScope } from "../auth/actor";
import type { Ctx } from "../ctx";

/** What stands around every page: failed tasks, and the zone of most meters (UTC without any). */
export async function shellFacts(ctx: Ctx): Promise<{ failedTasks: number; siteZone: string }> {
  authorise(ctx.actor, "fleet:read");
  const scope = meterScope(ctx.actor);
  const inScope = scope ? sql`meter_id = any(${`{${scope.join(",")}}`}::uuid[])` : sql`true`;
  const [row] = await ctx.db.execute<{ failed: number; zone: string | null }>(sql`
    select (select count(*)::int from meter_tasks where state = 'failed' and ${inScope}) as failed,
      (select timezone from meters where archived_at is null group by timezone order by count(*) desc, timezone limit 1) as zone`);
  return { failedTasks: row?.failed ?? 0, siteZone: row?.zone ?? "UTC" };
}
