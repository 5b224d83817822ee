import { sql } from "drizzle-orm";
import { z } from "zod";
import { audit } from "../audit/audit";
import { canonicalJson } from "../audit/chain";
import { authorise } from "../auth/actor";
import type { Ctx } from "../ctx";
import { meterThresholds, readingChanges } from "../db/schema";
import { withTx } from "../db/tx";
import { getMeterRow } from "../meters/internal";
import { type Thresholds, thresholdsOf, thresholdsSchema } from "./thresholds";

/** How far back readings are checked again with new thresholds; older findings stay as they were found. */
const CHECKED_AGAIN_DAYS = 62;

export const setThresholdsInput = z.strictObject({ meterId: z.uuid(), thresholds: thresholdsSchema });

/** Sets a meter's thresholds and has its newest readings checked again by them. */
export async function setThresholds(ctx: Ctx, input: z.input<typeof setThresholdsInput>): Promise<Thresholds> {
  const { meterId, thresholds } = setThresholdsInput.parse(input);
  authorise(ctx.actor, "meters:edit", meterId);
  return withTx(ctx.db, async (tx) => {
    const meter = await getMeterRow(tx, meterId, true);
    const before = await readThresholds(tx, meterId);
    const changed = Object.entries(thresholds).filter(([key, to]) => before[key as keyof Thresholds] !== to);
    if (changed.length === 0) return before;
    const standard = thresholdsOf({});
    const kept = Object.entries(thresholds).filter(
      ([key, value]) => canonicalJson(value) !== canonicalJson(standard[key as keyof Thresholds]),
    );
    const set = { thresholds: Object.fromEntries(kept), updatedAt: sql`now()` };
    await tx
      .insert(meterThresholds)
      .values({ meterId, ...set })
      .onConflictDoUpdate({ target: meterThresholds.meterId, set });
    if (meter.newestReadingAt) {
      const toAt = new Date(meter.newestReadingAt.getTime() + 1000);
      const fromAt = new Date(toAt.getTime() - CHECKED_AGAIN_DAYS * 86_400_000);
      await tx.insert(readingChanges).values({ meterId, fromAt, toAt });
    }
    await audit(tx, ctx.actor, "meter.thresholds-changed", {
      objectType: "meter",
      objectId: meterId,
      meterId,
      details: {
        changed: Object.fromEntries(changed.map(([key, to]) => [key, { from: before[key as keyof Thresholds], to }])),
      },
    });
    return thresholds;
  });
}

/** What holds for a meter, defaults filled in. The caller has authorised. */
export async function readThresholds(db: Ctx["db"], meterId: string): Promise<Thresholds> {
  const [row] = await db.execute<{ thresholds: unknown }>(
    sql`select thresholds from meter_thresholds where meter_id = ${meterId}::uuid`,
  );
  return thresholdsOf(row?.thresholds);
}
