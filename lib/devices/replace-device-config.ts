import type { z } from "zod";
import { audit } from "../audit/audit";
import { authorise } from "../auth/actor";
import { withTx } from "../db/tx";
import { InvalidInput } from "../errors";
import { parseInput } from "../field-errors";
import type { SealingCtx } from "../meters/internal";
import { configChanges } from "./config/changes";
import { readDeviceConfig, readSubjectSchema } from "./config/read-config";
import { assertOnlyDevice, lockLiveDevice, sealDeviceKey } from "./internal";
import { type DeviceDto, replaceDeviceConfigInput } from "./schemas";
import { schemaChange, storeChange } from "./update-device";

/**
 * Gives a device another MRV config, and with it another key. Name, Guardian address and JSON schema stay unless they are given; a schema that
 * stays must fit the new config. A config of another DID or policy is refused with what would change, unless `mayChangeIdentity`.
 */
export async function replaceDeviceConfig(
  ctx: SealingCtx,
  input: z.input<typeof replaceDeviceConfigInput>,
): Promise<DeviceDto> {
  authorise(ctx.actor, "devices:edit");
  const wanted = parseInput(replaceDeviceConfigInput, input);
  const { deviceId } = wanted;
  const { secrets, addresses } = ctx.worker;
  return withTx(ctx.db, async (tx) => {
    const before = await lockLiveDevice(tx, deviceId, wanted.version);
    const address = wanted.guardianUrl ?? before.config.guardianUrl;
    const { config, seed, notices } = readDeviceConfig(wanted.mrvConfig, address, addresses);
    const changes = configChanges(before.config, config);
    const others = changes.filter(({ isIdentity }) => isIdentity);
    if (others.length > 0 && !wanted.mayChangeIdentity) throw asOtherDevice(others);
    const kept = wanted.schema === undefined ? before.subjectSchema : wanted.schema;
    const subjectSchema = readSubjectSchema(kept, config);
    await assertOnlyDevice(tx, config, deviceId);
    const name = wanted.name ?? before.name;
    const updated = await storeChange({ ...ctx, db: tx }, deviceId, {
      name,
      config,
      subjectSchema,
      notices,
      ...sealDeviceKey(secrets, deviceId, seed),
    });
    await audit(tx, ctx.actor, "device.config-replaced", {
      objectType: "device",
      objectId: deviceId,
      details: {
        changed: {
          ...(name !== before.name && { name: { from: before.name, to: name } }),
          ...Object.fromEntries(changes.map(({ field, from, to }) => [field, { from, to }])),
          ...schemaChange(before.subjectSchema, subjectSchema),
        },
        key: config.publicKeyBase58 === before.config.publicKeyBase58 ? "the same" : "replaced",
      },
    });
    return updated;
  });
}

function asOtherDevice(changes: { field: string; from: string; to: string }[]): InvalidInput {
  const fields = Object.fromEntries(
    changes.map(({ field, from, to }) => [
      `mrvConfig.${field}`,
      `This is the config of another ${field === "did" ? "device" : "policy"}: ${to} instead of ${from}. Add a device for it, or say that this one becomes it.`,
    ]),
  );
  return new InvalidInput(Object.values(fields).join(" "), fields);
}
