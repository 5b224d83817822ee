import { eq, sql } from "drizzle-orm";
import type { z } from "zod";
import { audit } from "../audit/audit";
import { authorise } from "../auth/actor";
import type { Ctx } from "../ctx";
import { apiTokens } from "../db/schema";
import { withTx } from "../db/tx";
import { NotFound } from "../errors";
import { revokeTokenInput, type TokenDto, toDto } from "./schemas";

/** The token stops working at once. Revoking a revoked token changes nothing. */
export async function revokeToken(ctx: Ctx, input: z.input<typeof revokeTokenInput>): Promise<TokenDto> {
  authorise(ctx.actor, "tokens:edit");
  const { tokenId } = revokeTokenInput.parse(input);
  return withTx(ctx.db, async (tx) => {
    const [before] = await tx.select().from(apiTokens).where(eq(apiTokens.id, tokenId)).for("update");
    if (!before) throw new NotFound("There is no such token.");
    if (before.revokedAt) return toDto(before);
    const [after] = await tx
      .update(apiTokens)
      .set({ revokedAt: sql`now()` })
      .where(eq(apiTokens.id, tokenId))
      .returning();
    if (!after) throw new NotFound("There is no such token.");
    await audit(tx, ctx.actor, "token.revoked", {
      objectType: "token",
      objectId: tokenId,
      details: { name: after.name, prefix: after.prefix },
    });
    return toDto(after);
  });
}
