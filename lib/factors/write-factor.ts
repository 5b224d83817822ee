import { and, eq, gt, isNull, lt, or, sql } from "drizzle-orm";
import type { z } from "zod";
import type { Db } from "../db/client";
import { emissionFactors } from "../db/schema";
import { lockInTx } from "../db/tx";
import { Conflict, InvalidInput, NotFound, NotPossibleNow } from "../errors";
import type { newFactorInput } from "./schemas";

export type FactorRow = typeof emissionFactors.$inferSelect;
export type NewFactor = z.output<typeof newFactorInput>;

export interface WrittenFactor {
  row: FactorRow;
  /** Used no more, for no time. */
  superseded: FactorRow | null;
  /** Holds until the new one begins. */
  ended: FactorRow | null;
}

/**
 * Writes a factor without a word in the audit log: a plan does this too and takes it back. A factor it supersedes holds until
 * the new one begins; where that is its own beginning or before, it is used no more. An open-ended factor of the same
 * publisher, region, scope and method ends where the new one begins. Throws Conflict where they overlap otherwise.
 */
export async function writeFactor(tx: Db, { supersedes, ...factor }: NewFactor): Promise<WrittenFactor> {
  await lockInTx(tx, "emission_factors");
  const before = supersedes === undefined ? null : await factorToSupersede(tx, supersedes, factor);
  const superseded = before && before.validFrom >= factor.validFrom ? await supersede(tx, before.id) : null;
  const corrected = before && !superseded ? await end(tx, before.id, factor.validFrom) : null;
  const ended = corrected ?? (await endOpenFactor(tx, factor));
  const [row] = await tx
    .insert(emissionFactors)
    .values({ ...factor, validTo: factor.validTo ?? null, note: factor.note ?? null })
    .returning();
  if (!row) throw new Error("The factor was not stored.");
  return { row, superseded, ended };
}

async function factorToSupersede(tx: Db, id: string, wanted: Omit<NewFactor, "supersedes">): Promise<FactorRow> {
  const [before] = await tx.select().from(emissionFactors).where(eq(emissionFactors.id, id));
  if (!before) throw new NotFound("There is no factor to supersede by this id.");
  if (before.supersededAt) throw new NotPossibleNow("This factor is superseded already.");
  if (before.region !== wanted.region || before.scope !== wanted.scope || before.method !== wanted.method) {
    const sentence = `It is for ${before.region}, scope ${before.scope}, ${before.method}: a factor is superseded by one for the same.`;
    throw new InvalidInput(sentence, { supersedes: sentence });
  }
  if (before.validTo && before.validTo <= wanted.validFrom) {
    const sentence = `It holds until ${before.validTo.toISOString()} only: the new one begins later and supersedes nothing of it.`;
    throw new InvalidInput(sentence, { validFrom: sentence });
  }
  return before;
}

async function supersede(tx: Db, id: string): Promise<FactorRow> {
  const [row] = await tx
    .update(emissionFactors)
    .set({ supersededAt: sql`now()` })
    .where(eq(emissionFactors.id, id))
    .returning();
  if (!row) throw new Error("The factor was not superseded.");
  return row;
}

async function end(tx: Db, id: string, validTo: Date): Promise<FactorRow> {
  const [row] = await tx.update(emissionFactors).set({ validTo }).where(eq(emissionFactors.id, id)).returning();
  if (!row) throw new Error("The factor was not ended.");
  return row;
}

async function endOpenFactor(tx: Db, wanted: Omit<NewFactor, "supersedes">): Promise<FactorRow | null> {
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
  return end(tx, first.id, wanted.validFrom);
}
