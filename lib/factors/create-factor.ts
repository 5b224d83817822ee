import type { z } from "zod";
import { audit } from "../audit/audit";
import { authorise } from "../auth/actor";
import type { Ctx } from "../ctx";
import { withTx } from "../db/tx";
import { parseInput } from "../field-errors";
import { readPlan } from "./recompute/read-plan";
import { auditRecompute, storeRecompute } from "./recompute/store-recompute";
import { type CreatedFactor, createFactorInput, toDto } from "./schemas";
import { writeFactor } from "./write-factor";

/**
 * Adds a factor for readings that are transformed from now on; see `writeFactor` for what it supersedes or ends. Stored carbon
 * keeps the factor it was made with, unless the token of `planFactor` is given: then exactly what that plan showed is recomputed,
 * and Conflict is thrown where the plan is another by now.
 */
export async function createFactor(ctx: Ctx, input: z.input<typeof createFactorInput>): Promise<CreatedFactor> {
  authorise(ctx.actor, "factors:edit");
  const { planToken, ...factor } = parseInput(createFactorInput, input);
  return withTx(ctx.db, async (tx) => {
    const { row, superseded, ended } = await writeFactor(tx, factor);
    const recompute =
      planToken === undefined
        ? null
        : await storeRecompute(tx, await readPlan(tx, { region: row.region }, factor), {
            planToken,
            factorId: row.id,
            by: ctx.actor.name,
          });
    for (const [old, action] of [
      [superseded, "factor.superseded"],
      [ended, "factor.ended"],
    ] as const) {
      if (!old) continue;
      const details = { by: row.id, validTo: old.validTo };
      await audit(tx, ctx.actor, action, { objectType: "factor", objectId: old.id, details });
    }
    await audit(tx, ctx.actor, "factor.created", {
      objectType: "factor",
      objectId: row.id,
      details: { ...toDto(row) },
    });
    if (recompute) await auditRecompute(tx, ctx.actor, recompute);
    return { ...toDto(row), recomputeId: recompute?.id ?? null };
  });
}
