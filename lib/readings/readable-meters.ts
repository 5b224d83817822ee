import { inArray } from "drizzle-orm";
import { authorise } from "../auth/actor";
import { connectorOf } from "../connectors/registry";
import type { Ctx } from "../ctx";
import { meters } from "../db/schema";
import { NotFound } from "../errors";
import type { MetricName } from "../metrics/registry";
import { durationSeconds } from "../time";

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
  const rows = await ctx.db
    .select({ id: meters.id, timezone: meters.timezone, type: meters.type })
    .from(meters)
    .where(inArray(meters.id, [...ids]));
  const byId = new Map(rows.map((row) => [row.id, row]));
  return [...new Set(ids)].map((id) => {
    const row = byId.get(id);
    if (!row) throw new NotFound(`There is no meter ${id}.`);
    const { resolution, metrics } = connectorOf(row.type);
    return { id, timezone: row.timezone, resolutionSeconds: durationSeconds(resolution), metrics };
  });
}
