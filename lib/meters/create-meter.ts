import type { z } from "zod";
import { audit } from "../audit/audit";
import { authorise } from "../auth/actor";
import { assertZoneInDatabase } from "../db/known-zone";
import { meters } from "../db/schema";
import { withTx } from "../db/tx";
import { lockLiveDevice } from "../devices/internal";
import { Forbidden } from "../errors";
import { newId } from "../ids";
import { restateCalls } from "../quotas/stated-calls";
import { checkCredential, checkSettings } from "./check-source";
import { credentialContext, type SealingCtx, toDtoWithState } from "./internal";
import { createMeterInput, type MeterDto } from "./schemas";

/** Stores a meter with its credential sealed. Throws InvalidInput for what its type does not know. */
export async function createMeter(ctx: SealingCtx, input: z.input<typeof createMeterInput>): Promise<MeterDto> {
  authorise(ctx.actor, "meters:edit");
  if (ctx.actor.kind === "token" && ctx.actor.meterIds) {
    throw new Forbidden("This API token is limited to some meters: it cannot add others.");
  }
  const { dataCredentials, ...meter } = createMeterInput.parse(input);
  if (meter.deviceId) authorise(ctx.actor, "devices:edit");
  const { secrets } = ctx.worker;
  const connector = checkSettings(meter);
  const credential = checkCredential(connector, meter.dataSourceType, dataCredentials, ctx.worker);
  const id = newId();
  const sealed = secrets.seal(credential.text, credentialContext(id));
  return withTx(ctx.db, async (tx) => {
    await assertZoneInDatabase(tx, meter.timezone);
    if (meter.deviceId) await lockLiveDevice(tx, meter.deviceId);
    const [row] = await tx
      .insert(meters)
      .values({
        ...meter,
        id,
        dataCredentials: sealed.sealed,
        credentialsKeyId: sealed.keyId,
        accountKey: credential.accountKey,
        credentialHint: credential.hint,
      })
      .returning();
    if (!row) throw new Error("The meter was not stored.");
    await restateCalls(tx, row.type, row.accountKey);
    const created = await toDtoWithState(tx, row);
    await audit(tx, ctx.actor, "meter.created", {
      objectType: "meter",
      objectId: id,
      meterId: id,
      details: { ...meter, credential: "set" },
    });
    return created;
  });
}
