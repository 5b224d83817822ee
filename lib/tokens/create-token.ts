import { randomBytes } from "node:crypto";
import { inArray } from "drizzle-orm";
import type { z } from "zod";
import { audit } from "../audit/audit";
import { authorise } from "../auth/actor";
import type { Ctx } from "../ctx";
import type { Db } from "../db/client";
import { apiTokens, meters } from "../db/schema";
import { withTx } from "../db/tx";
import { InvalidInput } from "../errors";
import { sha256Hex } from "../secrets";
import { createTokenInput, type TokenDto, toDto } from "./schemas";

const PREFIX_LENGTH = 9;

/** `text` is the token itself: shown once, stored nowhere. */
export async function createToken(
  ctx: Ctx,
  input: z.input<typeof createTokenInput>,
): Promise<{ token: TokenDto; text: string }> {
  authorise(ctx.actor, "tokens:edit");
  const wanted = createTokenInput.parse(input);
  if (wanted.expiresAt && wanted.expiresAt.getTime() <= Date.now()) {
    throw new InvalidInput("The token would be expired already.", { expiresAt: "Choose an instant to come." });
  }
  const text = `mp_${randomBytes(32).toString("base64url")}`;
  return withTx(ctx.db, async (tx) => {
    await assertMetersExist(tx, wanted.meterIds ?? []);
    const [row] = await tx
      .insert(apiTokens)
      .values(rowOf(ctx, wanted, text))
      .returning();
    if (!row) throw new Error("The token was not stored.");
    await auditCreation(tx, ctx, row);
    return { token: toDto(row), text };
  });
}

/**
 * For seeds and only for the system: a token whose text was chosen beforehand (a demo's, out of the environment). Does
 * nothing where it is there already.
 */
export async function seedToken(ctx: Ctx, input: z.input<typeof createTokenInput> & { text: string }): Promise<void> {
  if (ctx.actor.kind !== "system") throw new Error("Only the system chooses the text of a token.");
  const { text, ...rest } = input;
  if (text.length < 8) throw new InvalidInput("The text of a token must have at least 8 characters.");
  const wanted = createTokenInput.parse(rest);
  await withTx(ctx.db, async (tx) => {
    const [row] = await tx
      .insert(apiTokens)
      .values(rowOf(ctx, wanted, text))
      .onConflictDoNothing()
      .returning();
    if (row) await auditCreation(tx, ctx, row);
  });
}

function rowOf(ctx: Ctx, wanted: z.output<typeof createTokenInput>, text: string): typeof apiTokens.$inferInsert {
  return {
    name: wanted.name,
    role: wanted.role,
    meterIds: wanted.meterIds ?? null,
    expiresAt: wanted.expiresAt ?? null,
    tokenHash: sha256Hex(text),
    prefix: text.slice(0, PREFIX_LENGTH),
    createdBy: ctx.actor.name,
  };
}

function auditCreation(tx: Db, ctx: Ctx, row: typeof apiTokens.$inferSelect): Promise<void> {
  const { name, prefix, role, meterIds, expiresAt } = row;
  return audit(tx, ctx.actor, "token.created", {
    objectType: "token",
    objectId: row.id,
    details: { name, prefix, role, meterIds, expiresAt },
  });
}

async function assertMetersExist(tx: Db, meterIds: readonly string[]): Promise<void> {
  if (meterIds.length === 0) return;
  const found = await tx
    .select({ id: meters.id })
    .from(meters)
    .where(inArray(meters.id, [...meterIds]));
  const known = new Set(found.map((meter) => meter.id));
  const missing = meterIds.filter((id) => !known.has(id));
  if (missing.length > 0) {
    throw new InvalidInput(`There is no meter ${missing[0]}.`, {
      meterIds: `There is no meter ${missing.join(", ")}.`,
    });
  }
}
