import { and, eq, isNull, lt, or, sql } from "drizzle-orm";
import type { Actor } from "../auth/actor";
import type { Db } from "../db/client";
import { apiTokens } from "../db/schema";
import { Unauthenticated } from "../errors";
import { sha256Hex } from "../secrets";

/**
 * The actor behind a token. Found by its SHA-256, so that nothing about a stored token can be measured by time.
 * `last_used_at` is written at most once a minute.
 * @throws Unauthenticated with one sentence for unknown, revoked and expired tokens.
 */
export async function authenticateToken(db: Db, text: string): Promise<Actor & { kind: "token" }> {
  const [token] = await db
    .select({
      id: apiTokens.id,
      name: apiTokens.name,
      role: apiTokens.role,
      meterIds: apiTokens.meterIds,
      isStale: sql<boolean>`${apiTokens.lastUsedAt} is null or ${apiTokens.lastUsedAt} < now() - interval '1 minute'`,
    })
    .from(apiTokens)
    .where(
      and(
        eq(apiTokens.tokenHash, sha256Hex(text)),
        isNull(apiTokens.revokedAt),
        or(isNull(apiTokens.expiresAt), sql`${apiTokens.expiresAt} > now()`),
      ),
    );
  if (!token) throw new Unauthenticated("This API token is unknown, revoked or expired.");
  if (token.isStale) {
    await db
      .update(apiTokens)
      .set({ lastUsedAt: sql`now()` })
      .where(
        and(
          eq(apiTokens.id, token.id),
          or(isNull(apiTokens.lastUsedAt), lt(apiTokens.lastUsedAt, sql`now() - interval '1 minute'`)),
        ),
      );
  }
  return { kind: "token", id: token.id, name: token.name, roles: [token.role], meterIds: token.meterIds };
}
