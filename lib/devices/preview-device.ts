import type { z } from "zod";
import { authorise } from "../auth/actor";
import { parseInput } from "../field-errors";
import type { SealingCtx } from "../meters/internal";
import { configChanges } from "./config/changes";
import { deviceFields } from "./config/device-fields";
import { readDeviceConfig, readSubjectSchema } from "./config/read-config";
import { signSample } from "./config/sample-signature";
import { findSameDevice, getDeviceRow, shownConfig } from "./internal";
import { type DevicePreview, previewDeviceInput } from "./schemas";

/** What a config would make of a device, and a sample signed with its key. Nothing is stored. */
export async function previewDevice(
  ctx: SealingCtx,
  input: z.input<typeof previewDeviceInput>,
): Promise<DevicePreview> {
  authorise(ctx.actor, "devices:edit");
  const { deviceId, guardianUrl, mrvConfig, schema: given } = parseInput(previewDeviceInput, input);
  const before = deviceId === undefined ? null : await getDeviceRow(ctx.db, deviceId);
  // A replaced config leaves records going where they go.
  const address = guardianUrl ?? before?.config.guardianUrl;
  const { config, seed, notices } = readDeviceConfig(mrvConfig, address, ctx.worker.addresses);
  const kept = given === undefined ? (before?.subjectSchema ?? null) : given;
  const schema = readSubjectSchema(kept, config);
  return {
    read: shownConfig(config),
    notices,
    fields: deviceFields(config, schema),
    signature: await signSample(config, schema, seed),
    existing: await findSameDevice(ctx.db, config, deviceId),
    changes: before ? configChanges(before.config, config) : [],
  };
}
