import type { z } from "zod";
import { authorise } from "../../auth/actor";
import type { Ctx } from "../../ctx";
import { lockInTx, withTx } from "../../db/tx";
import { parseInput } from "../../field-errors";
import { recomputeOf } from "./progress";
import { readPlan } from "./read-plan";
import { type RecomputeDto, startRecomputeInput } from "./schemas";
import { auditRecompute, storeRecompute } from "./store-recompute";

/** Orders what `planRecompute` showed, and nothing else: throws Conflict when the rows it would change are others by now. */
export async function startRecompute(ctx: Ctx, input: z.input<typeof startRecomputeInput>): Promise<RecomputeDto> {
  authorise(ctx.actor, "factors:edit");
  const { planToken, ...scope } = parseInput(startRecomputeInput, input);
  return withTx(ctx.db, async (tx) => {
    // No factor changes between the plan and the order.
    await lockInTx(tx, "emission_factors");
    const row = await storeRecompute(tx, await readPlan(tx, scope, scope), {
      planToken,
      factorId: null,
      by: ctx.actor.name,
    });
    await auditRecompute(tx, ctx.actor, row);
    return recomputeOf(tx, row.id);
  });
}
