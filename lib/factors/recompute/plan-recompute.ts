import type { z } from "zod";
import { authorise } from "../../auth/actor";
import type { Ctx } from "../../ctx";
import { withTx } from "../../db/tx";
import { parseInput } from "../../field-errors";
import { newFactorInput } from "../schemas";
import { writeFactor } from "../write-factor";
import { readPlan } from "./read-plan";
import { planRecomputeInput, type RecomputePlan } from "./schemas";

/** What bringing stored carbon of a region in line with the factors would change, without doing it, and the token to start exactly this. */
export async function planRecompute(ctx: Ctx, input: z.input<typeof planRecomputeInput>): Promise<RecomputePlan> {
  authorise(ctx.actor, "factors:edit");
  const scope = parseInput(planRecomputeInput, input);
  return (await readPlan(ctx.db, scope, scope)).plan;
}

/**
 * What stored carbon a new factor would change, were it recomputed. The factor is written, the plan read, and all of it taken
 * back: what is refused when it is created is refused here, with the same sentence.
 */
export async function planFactor(ctx: Ctx, input: z.input<typeof newFactorInput>): Promise<RecomputePlan> {
  authorise(ctx.actor, "factors:edit");
  const factor = parseInput(newFactorInput, input);
  try {
    return await withTx(ctx.db, async (tx) => {
      const { row } = await writeFactor(tx, factor);
      throw new TakenBack((await readPlan(tx, { region: row.region }, factor)).plan);
    });
  } catch (error) {
    if (error instanceof TakenBack) return error.plan;
    throw error;
  }
}

/** Rolls the plan's transaction back and carries what it found. */
class TakenBack extends Error {
  constructor(readonly plan: RecomputePlan) {
    super("The plan is taken back.");
  }
}
