import type { z } from "zod";
import { audit } from "../audit/audit";
import { authorise } from "../auth/actor";
import { withTx } from "../db/tx";
import { NotPossibleNow } from "../errors";
import { parseInput } from "../field-errors";
import type { SealingCtx } from "../meters/internal";
import { SecretUnreadable } from "../secrets";
import { signSample } from "./config/sample-signature";
import { type DeviceRow, lockLiveDevice, openDeviceKey } from "./internal";
import { deviceIdInput, type SampleSignature } from "./schemas";

/** Signs a sample with the stored key and verifies it. The log says that the key was used. */
export async function testSignature(ctx: SealingCtx, input: z.input<typeof deviceIdInput>): Promise<SampleSignature> {
  authorise(ctx.actor, "devices:edit");
  const { deviceId } = parseInput(deviceIdInput, input);
  return withTx(ctx.db, async (tx) => {
    const row = await lockLiveDevice(tx, deviceId);
    const signature = await signSample(row.config, row.subjectSchema, keyOf(ctx, row));
    await audit(tx, ctx.actor, "device.signature-tested", {
      objectType: "device",
      objectId: deviceId,
      details: { name: row.name, isValid: signature.isValid },
    });
    return signature;
  });
}

function keyOf({ worker }: SealingCtx, row: DeviceRow): Buffer {
  try {
    return openDeviceKey(worker.secrets, row);
  } catch (error) {
    if (error instanceof SecretUnreadable)
      throw new NotPossibleNow(`The device's key cannot be read. ${error.message}`);
    throw error;
  }
}
