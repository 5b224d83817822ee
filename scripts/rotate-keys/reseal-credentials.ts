import { eq, ne, sql } from "drizzle-orm";
import { audit } from "../../lib/audit/audit";
import type { Ctx } from "../../lib/ctx";
import { meters } from "../../lib/db/schema";
import { withTx } from "../../lib/db/tx";
import { credentialContext } from "../../lib/meters/internal";
import type { SecretBox } from "../../lib/secrets";

const BATCH = 50;

/**
 * Seals every meter's credential with the newest key, in small transactions: whatever was done when it is cut short stays
 * done, and the next run goes on. Throws SecretUnreadable, having changed nothing of that batch, where a key is missing.
 */
export async function resealCredentials(ctx: Ctx, box: SecretBox): Promise<number> {
  let total = 0;
  for (;;) {
    const count = await withTx(ctx.db, async (tx) => {
      const rows = await tx
        .select({ id: meters.id, sealed: meters.dataCredentials, keyId: meters.credentialsKeyId })
        .from(meters)
        .where(ne(meters.credentialsKeyId, box.currentKeyId))
        .orderBy(meters.id)
        .limit(BATCH)
        .for("update");
      for (const row of rows) {
        const context = credentialContext(row.id);
        const { sealed, keyId } = box.seal(box.open(row.sealed, context), context);
        await tx.update(meters).set({ dataCredentials: sealed, credentialsKeyId: keyId }).where(eq(meters.id, row.id));
      }
      if (rows.length > 0) {
        await audit(tx, ctx.actor, "credentials.resealed", {
          objectType: "installation",
          objectId: "secret-keys",
          details: {
            meters: rows.length,
            from: [...new Set(rows.map(({ keyId }) => keyId))].sort(),
            to: box.currentKeyId,
          },
        });
      }
      return rows.length;
    });
    total += count;
    if (count < BATCH) return total;
  }
}

/** Ids of the keys that credentials are sealed with now, with how many each. */
export async function keysInUse(ctx: Pick<Ctx, "db">): Promise<Map<string, number>> {
  const rows = await ctx.db
    .select({ keyId: meters.credentialsKeyId, count: sql<number>`count(*)::int` })
    .from(meters)
    .groupBy(meters.credentialsKeyId);
  return new Map(rows.map(({ keyId, count }) => [keyId, count]));
}
