import { and, desc, eq } from "drizzle-orm";
import { authorise } from "../../auth/actor";
import type { Ctx } from "../../ctx";
import { incidents } from "../../db/schema";

/** When a meter was late. `until` null: it is now. */
export interface LateSpell {
  id: string;
  from: string;
  until: string | null;
  /** It caught up; otherwise it was paused or archived. */
  isHealed: boolean;
}

/** The latest spells, newest first. */
export async function freshnessHistory(ctx: Ctx, meterId: string, most = 5): Promise<LateSpell[]> {
  authorise(ctx.actor, "fleet:read", meterId);
  const rows = await ctx.db
    .select()
    .from(incidents)
    .where(and(eq(incidents.meterId, meterId), eq(incidents.kind, "late")))
    .orderBy(desc(incidents.openedAt), desc(incidents.id))
    .limit(most);
  return rows.map((row) => ({
    id: row.id,
    from: row.openedAt.toISOString(),
    until: row.closedAt?.toISOString() ?? null,
    isHealed: row.outcome === "healed",
  }));
}
