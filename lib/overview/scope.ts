import { type SQL, sql } from "drizzle-orm";
import { meterScope } from "../auth/actor";
import type { Ctx } from "../ctx";

/** Of the meters `m`, those that the actor may see. */
export function inScope(ctx: Ctx): SQL {
  const ids = meterScope(ctx.actor);
  return ids ? sql`m.id = any(${`{${ids.join(",")}}`}::uuid[])` : sql`true`;
}

export function iso(at: Date): SQL {
  return sql`${at.toISOString()}::timestamptz`;
}
