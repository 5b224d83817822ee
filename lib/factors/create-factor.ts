import { and, eq, gt, isNull, lt, or, sql } from "drizzle-orm";
import type { z } from "zod";
import { audit } from "../audit/audit";
import { authorise } from "../auth/actor";
import type { Ctx } from "../ctx";
import type { Db } from "../db/client";
import { emissionFactors } from "../db/schema";
import { lockInTx, withTx } from "../db/tx";
import { Conflict, NotFound, NotPossibleNow } from "../errors";
import { parseInput } from "../field-errors";
import { createFactorInput, type FactorDto, toDto } from "./schemas";

type FactorRow = typeof emissionFactors.$inferSelect;
type NewFactor = Omit<z.output<typeof createFactorInput>, "supersedes">;

/**
 * Adds a factor for readings that are transformed from now on; carbon that is stored keeps the factor it was made with. An
 * open-ended factor of the same publisher, region, scope and method ends where the new one begins. Throws Conflict where they
 * overlap otherwise.
 */
export async function createFactor(ctx: Ctx, input: z.input<typeof createFactorInput>): Promise<FactorDto> {
  authorise(ctx.actor, "factors:edit");
  const { supersedes, ...factor } = parseInput(createFactorInput, input);
  return withTx(ctx.db, async (tx) => {
    await lockInTx(tx, "emission_factors");
    const superseded = supersedes === undefined ? null : await supersede(tx, supersedes);
    const closed = await endOpenFactor(tx, factor);
    const [row] = await tx
      .insert(emissionFactors)
      .values({ ...factor, validTo: factor.validTo ?? null, note: factor.note ?? null })
      .returning();
    if (!row) throw new Error("The factor was not stored.");
    for (const [old, action] of [
      [superseded, "factor.superseded"],
      [closed, "factor.ended"],
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
    return toDto(row);
  });
}

async function supersede(tx: Db, id: string): Promise<FactorRow> {
  const [before] = await tx.select().from(emissionFactors).where(eq(emissionFactors.id, id));
  if (!before) throw new NotFound("There is no factor to supersede by this id.");
  if (before.supersededAt) throw new NotPossibleNow("This factor is superseded already.");
  await tx.update(emissionFactors).set({ supersededAt: sql`now()` }).where(eq(emissionFactors.id, id));
  return before;
}

async function endOpenFactor(tx: Db, wanted: NewFactor): Promise<FactorRow | null> {
  const overlapping = await tx
    .select()
    .from(emissionFactors)
    .where(
      and(
        eq(emissionFactors.publisher, wanted.publisher),
        eq(emissionFactors.region, wanted.region),
        eq(emissionFactors.scope, wanted.scope),
        eq(emissionFactors.method, wanted.method),
        isNull(emissionFactors.supersededAt),
        or(isNull(emissionFactors.validTo), gt(emissionFactors.validTo, wanted.validFrom)),
        wanted.validTo ? lt(emissionFactors.validFrom, wanted.validTo) : undefined,
      ),
    );
  const [first] = overlapping;
  if (!first) return null;
  if (overlapping.length > 1 || first.validTo || first.validFrom >= wanted.validFrom) {
    throw new Conflict(
      `${first.publisher} ${first.edition} (${first.value}) holds for ${first.region} at that time already: name it in supersedes, or choose another validity.`,
    );
  }
  const [ended] = await tx
    .update(emissionFactors)
    .set({ validTo: wanted.validFrom })
    .where(eq(emissionFactors.id, first.id))
    .returning();
  return ended ?? null;
}
