import { asc, eq, ne, sql } from "drizzle-orm";
import { audit } from "../../lib/audit/audit";
import type { Ctx } from "../../lib/ctx";
import type { Db } from "../../lib/db/client";
import { devices, meters, notificationChannels } from "../../lib/db/schema";
import { withTx } from "../../lib/db/tx";
import { deviceKeyContext } from "../../lib/devices/internal";
import { credentialContext } from "../../lib/meters/internal";
import { targetContext } from "../../lib/notifications/channels/target";
import type { SecretBox } from "../../lib/secrets";

const BATCH = 50;

interface SealedRow {
  id: string;
  sealed: string;
  keyId: string;
}

/** Everything that is sealed: the noun its rows have in the log, what each is sealed to, how some are read and written. */
const sealedTables: readonly {
  noun: "meters" | "channels" | "devices";
  context(id: string): string;
  /** Not sealed with this key; locked. */
  read(tx: Db, keyId: string): Promise<SealedRow[]>;
  write(tx: Db, row: SealedRow): Promise<unknown>;
}[] = [
  {
    noun: "meters",
    context: credentialContext,
    read: (tx, keyId) =>
      tx
        .select({ id: meters.id, sealed: meters.dataCredentials, keyId: meters.credentialsKeyId })
        .from(meters)
        .where(ne(meters.credentialsKeyId, keyId))
        .orderBy(asc(meters.id))
        .limit(BATCH)
        .for("update"),
    write: (tx, { id, sealed, keyId }) =>
      tx.update(meters).set({ dataCredentials: sealed, credentialsKeyId: keyId }).where(eq(meters.id, id)),
  },
  {
    noun: "channels",
    context: targetContext,
    read: (tx, keyId) =>
      tx
        .select({
          id: notificationChannels.id,
          sealed: notificationChannels.target,
          keyId: notificationChannels.targetKeyId,
        })
        .from(notificationChannels)
        .where(ne(notificationChannels.targetKeyId, keyId))
        .orderBy(asc(notificationChannels.id))
        .limit(BATCH)
        .for("update"),
    write: (tx, { id, sealed, keyId }) =>
      tx
        .update(notificationChannels)
        .set({ target: sealed, targetKeyId: keyId })
        .where(eq(notificationChannels.id, id)),
  },
  {
    noun: "devices",
    context: deviceKeyContext,
    // Archived ones too: their keys must stay readable.
    read: (tx, keyId) =>
      tx
        .select({ id: devices.id, sealed: devices.deviceKey, keyId: devices.deviceKeyId })
        .from(devices)
        .where(ne(devices.deviceKeyId, keyId))
        .orderBy(asc(devices.id))
        .limit(BATCH)
        .for("update"),
    write: (tx, { id, sealed, keyId }) =>
      tx.update(devices).set({ deviceKey: sealed, deviceKeyId: keyId }).where(eq(devices.id, id)),
  },
];

/**
 * Seals every credential of a meter, every address of a notification channel and every device's key with the newest key, in small
 * transactions: whatever was done when it is cut short stays done, and the next run goes on. Throws SecretUnreadable, having changed nothing
 * of that batch, where a key is missing.
 */
export async function resealCredentials(ctx: Ctx, box: SecretBox): Promise<number> {
  let total = 0;
  for (const { noun, context, read, write } of sealedTables) {
    for (;;) {
      const count = await withTx(ctx.db, async (tx) => {
        const rows = await read(tx, box.currentKeyId);
        for (const { id, sealed } of rows) {
          await write(tx, { id, ...box.seal(box.open(sealed, context(id)), context(id)) });
        }
        if (rows.length > 0) {
          await audit(tx, ctx.actor, "credentials.resealed", {
            objectType: "installation",
            objectId: "secret-keys",
            details: {
              [noun]: rows.length,
              from: [...new Set(rows.map(({ keyId }) => keyId))].sort(),
              to: box.currentKeyId,
            },
          });
        }
        return rows.length;
      });
      total += count;
      if (count < BATCH) break;
    }
  }
  return total;
}

/** Ids of the keys that credentials are sealed with now, with how many each. */
export async function keysInUse(ctx: Pick<Ctx, "db">): Promise<Map<string, number>> {
  const rows = await ctx.db.execute<{ key_id: string; count: number }>(sql`
    select key_id, count(*)::int as count from (
      select ${meters.credentialsKeyId} as key_id from ${meters}
      union all select ${notificationChannels.targetKeyId} from ${notificationChannels}
      union all select ${devices.deviceKeyId} from ${devices}
    ) sealed group by key_id`);
  return new Map(rows.map(({ key_id, count }) => [key_id, count]));
}
