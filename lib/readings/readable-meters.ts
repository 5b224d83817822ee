import { sql } from "drizzle-orm";
import { authorise } from "../auth/actor";
import { connectorOf } from "../connectors/registry";
import type { Ctx } from "../ctx";
import { NotFound } from "../errors";
import type { MetricName } from "../metrics/registry";
import { arrayLiteral } from "../pipeline/etl/array-literal";
import { intervalSeconds, newestSeconds } from "./interval-length";

export interface ReadableMeter {
  id: string;
  timezone: string;
  /** Seconds between its readings. */
  resolutionSeconds: number;
  /** What its type can have. */
  metrics: readonly MetricName[];
}

/** The meters in the order asked for. Throws Forbidden or NotFound for one that may not be read or is not there. */
export async function readableMeters(ctx: Ctx, ids: readonly string[]): Promise<ReadableMeter[]> {
  for (const id of ids) authorise(ctx.actor, "fleet:read", id);
  const rows = await ctx.db.execute<{ id: string; timezone: string; type: string; newest_seconds: number | null }>(sql`
    select m.id, m.timezone, m.type, ${newestSeconds} as newest_seconds
    from meters m where m.id = any(${arrayLiteral(ids)}::uuid[])`);
  const byId = new Map(rows.map((row) => [row.id, row]));
  return [...new Set(ids)].map((id) => {
    const row = byId.get(id);
    if (!row) throw new NotFound(`There is no meter ${id}.`);
    const { metrics } = connectorOf(row.type);
    return { id, timezone: row.timezone, resolutionSeconds: intervalSeconds(row), metrics };
  });
}
