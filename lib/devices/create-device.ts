import type { z } from "zod";
import { audit } from "../audit/audit";
import { authorise } from "../auth/actor";
import { devices } from "../db/schema";
import { withTx } from "../db/tx";
import { parseInput } from "../field-errors";
import { newId } from "../ids";
import type { SealingCtx } from "../meters/internal";
import { readDeviceConfig, readSubjectSchema } from "./config/read-config";
import { assertOnlyDevice, sealDeviceKey, toDto } from "./internal";
import { createDeviceInput, type DeviceDto } from "./schemas";

/**
 * Stores a device with its key sealed; of the config only what is public stays. Throws InvalidInput with every fault at its place, Conflict
 * where a device in use has the same DID and policy.
 */
export async function createDevice(ctx: SealingCtx, input: z.input<typeof createDeviceInput>): Promise<DeviceDto> {
  authorise(ctx.actor, "devices:edit");
  const { name, guardianUrl, mrvConfig, schema } = parseInput(createDeviceInput, input);
  const { config, seed, notices } = readDeviceConfig(mrvConfig, guardianUrl, ctx.worker.addresses);
  const subjectSchema = readSubjectSchema(schema ?? null, config);
  const id = newId();
  const sealed = sealDeviceKey(ctx.worker.secrets, id, seed);
  return withTx(ctx.db, async (tx) => {
    await assertOnlyDevice(tx, config);
    const [row] = await tx
      .insert(devices)
      .values({ id, name, config, subjectSchema, notices, ...sealed })
      .returning();
    if (!row) throw new Error("The device was not stored.");
    const created = await toDto({ ...ctx, db: tx }, row);
    await audit(tx, ctx.actor, "device.created", {
      objectType: "device",
      objectId: id,
      details: {
        name,
        did: row.did,
        policyId: row.policyId,
        policyTag: row.policyTag,
        guardianUrl: row.guardianUrl,
        key: "set",
        schema: subjectSchema ? "set" : "none",
      },
    });
    return created;
  });
}
