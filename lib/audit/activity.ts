import { inArray, sql } from "drizzle-orm";
import { authorise, meterScope } from "../auth/actor";
import type { Ctx } from "../ctx";
import { meters } from "../db/schema";

export interface ActivityFacets {
  actors: { id: string; name: string }[];
  objectTypes: string[];
}

const MOST_ACTORS = 100;

/** What the log can be filtered by: those who acted, the latest first, and the nouns acted on. */
export async function activityFacets(ctx: Ctx): Promise<ActivityFacets> {
  authorise(ctx.actor, "audit:read");
  const scope = meterScope(ctx.actor);
  const inScope = scope ? sql`meter_id = any(${`{${scope.join(",")}}`}::uuid[])` : sql`true`;
  const [actors, types] = await Promise.all([
    ctx.db.execute<{ id: string; name: string }>(sql`
      select actor_id as id, (array_agg(actor_name order by seq desc))[1] as name from audit_log
      where ${inScope} group by actor_id order by max(seq) desc limit ${MOST_ACTORS}`),
    ctx.db.execute<{ type: string }>(
      sql`select object_type as type from audit_log where ${inScope} group by object_type order by object_type`,
    ),
  ]);
  return { actors: [...actors], objectTypes: types.map(({ type }) => type) };
}

/** Names of the meters that rows of the log belong to; archived ones too. */
export async function namesOfMeters(ctx: Ctx, ids: readonly (string | null)[]): Promise<Record<string, string>> {
  authorise(ctx.actor, "audit:read");
  const scope = meterScope(ctx.actor);
  const wanted = [...new Set(ids)].flatMap((id) => (id !== null && (!scope || scope.includes(id)) ? id : []));
  if (wanted.length === 0) return {};
  const rows = await ctx.db.select({ id: meters.id, name: meters.name }).from(meters).where(inArray(meters.id, wanted));
  return Object.fromEntries(rows.map(({ id, name }) => [id, name]));
}
