import { sql } from "drizzle-orm";
import { authorise } from "../auth/actor";
import type { Ctx } from "../ctx";
import { inScope } from "./scope";

export interface ShellFacts {
  failedTasks: number;
  toReview: number;
  siteZone: string;
}

/** What stands around every page: failed tasks of meters in use, records that wait for a decision, and the zone of most meters (UTC without any). */
export async function shellFacts(ctx: Ctx): Promise<ShellFacts> {
  authorise(ctx.actor, "fleet:read");
  const [row] = await ctx.db.execute<{ failed: number; review: number; zone: string | null }>(sql`
    select mode() within group (order by m.timezone) as zone,
      (select count(*)::int from meter_tasks t join meters m on m.id = t.meter_id
        where t.state = 'failed' and m.archived_at is null and ${inScope(ctx)}) as failed,
      (select count(*)::int from mrv_records r join meters m on m.id = r.meter_id
        where r.status in ('verified', 'verification_failed') and r.replaced_at is null and ${inScope(ctx)}) as review
    from meters m where m.archived_at is null and ${inScope(ctx)}`);
  return { failedTasks: row?.failed ?? 0, toReview: row?.review ?? 0, siteZone: row?.zone ?? "UTC" };
}
