import { sql } from "drizzle-orm";
import type { z } from "zod";
import { audit } from "../audit/audit";
import { authorise } from "../auth/actor";
import type { Ctx } from "../ctx";
import { meterThresholds } from "../db/schema";
import { withTx } from "../db/tx";
import { NotPossibleNow } from "../errors";
import { getMeterRow } from "../meters/internal";
import { noteWholeMeter } from "./note-changes";
import { readThresholds } from "./read-thresholds";
import { meterThresholdsInput } from "./schemas";
import { defaultThresholds, type Thresholds } from "./thresholds";

/** Sets a meter's thresholds and has its readings checked again by them. */
export async function setThresholds(ctx: Ctx, input: z.input<typeof meterThresholdsInput>): Promise<Thresholds> {
  const { meterId, thresholds } = meterThresholdsInput.parse(input);
  authorise(ctx.actor, "meters:edit", meterId);
  return withTx(ctx.db, async (tx) => {
    const meter = await getMeterRow(tx, meterId, true);
    if (meter.archivedAt) throw new NotPossibleNow("This meter is archived: it cannot be changed.");
    const before = await readThresholds(tx, meterId);
    const changed = Object.entries(thresholds).filter(([key, to]) => before[key as keyof Thresholds] !== to);
    if (changed.length === 0) return before;
    const kept = Object.entries(thresholds).filter(
      ([key, value]) => value !== defaultThresholds[key as keyof Thresholds],
    );
    const set = { thresholds: Object.fromEntries(kept), updatedAt: sql`now()` };
    await tx
      .insert(meterThresholds)
      .values({ meterId, ...set })
      .onConflictDoUpdate({ target: meterThresholds.meterId, set });
    await noteWholeMeter(tx, meterId);
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
