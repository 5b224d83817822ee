import { sql } from "drizzle-orm";
import { authorise } from "../auth/actor";
import type { Ctx } from "../ctx";
import { getMeterRow } from "../meters/internal";
import { type Thresholds, thresholdsOf } from "./thresholds";

/** What holds for a meter, defaults filled in. */
export async function getThresholds(ctx: Ctx, meterId: string): Promise<Thresholds> {
  authorise(ctx.actor, "fleet:read", meterId);
  await getMeterRow(ctx.db, meterId);
  return readThresholds(ctx.db, meterId);
}

/** The same, where the caller has authorised. */
export async function readThresholds(db: Ctx["db"], meterId: string): Promise<Thresholds> {
  const [row] = await db.execute<{ thresholds: unknown }>(
    sql`select thresholds from meter_thresholds where meter_id = ${meterId}::uuid`,
  );
  return thresholdsOf(row?.thresholds);
}
