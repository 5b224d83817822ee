import { desc } from "drizzle-orm";
import { authorise } from "../auth/actor";
import type { Ctx } from "../ctx";
import { apiTokens } from "../db/schema";
import { type TokenDto, toDto } from "./schemas";

/** All of them, revoked and expired ones too, newest first. */
export async function listTokens(ctx: Ctx): Promise<TokenDto[]> {
  authorise(ctx.actor, "tokens:edit");
  const rows = await ctx.db.select().from(apiTokens).orderBy(desc(apiTokens.id));
  return rows.map(toDto);
}
