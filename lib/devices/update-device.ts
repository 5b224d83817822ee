import { eq, sql } from "drizzle-orm";
import type { z } from "zod";
import { audit } from "../audit/audit";
import { canonicalJson } from "../audit/chain";
import { authorise } from "../auth/actor";
import type { Ctx } from "../ctx";
import { devices } from "../db/schema";
import { withTx } from "../db/tx";
import { NotFound } from "../errors";
import { parseInput } from "../field-errors";
import { addressNotice } from "../guardian/mrv-config";
import type { SealingCtx } from "../meters/internal";
import { readGuardianUrl, readSubjectSchema } from "./config/read-config";
import { type DeviceRow, lockLiveDevice, toDto } from "./internal";
import { type DeviceDto, updateDeviceInput } from "./schemas";

/** Changes what is given and keeps the rest. Throws Conflict where somebody changed the device after `version`. */
export async function updateDevice(ctx: SealingCtx, input: z.input<typeof updateDeviceInput>): Promise<DeviceDto> {
  authorise(ctx.actor, "devices:edit");
  const { deviceId, version, name, guardianUrl, schema } = parseInput(updateDeviceInput, input);
  const address = guardianUrl === undefined ? undefined : readGuardianUrl(guardianUrl, ctx.worker.addresses);
  return withTx(ctx.db, async (tx) => {
    const before = await lockLiveDevice(tx, deviceId, version);
    const config = { ...before.config, guardianUrl: address ?? before.config.guardianUrl };
    const after = {
      name: name ?? before.name,
      config,
      subjectSchema: schema === undefined ? before.subjectSchema : readSubjectSchema(schema, config),
      // Said of an address that nobody has looked at; now somebody has.
      notices:
        address === undefined
          ? before.notices
          : before.notices.filter((notice) => notice !== addressNotice(before.config.guardianUrl)),
    };
    const changed = {
      ...(after.name !== before.name && { name: { from: before.name, to: after.name } }),
      ...(config.guardianUrl !== before.config.guardianUrl && {
        guardianUrl: { from: before.config.guardianUrl, to: config.guardianUrl },
      }),
      ...schemaChange(before.subjectSchema, after.subjectSchema),
    };
    const isSame = Object.keys(changed).length === 0 && after.notices.length === before.notices.length;
    if (isSame) return toDto({ ...ctx, db: tx }, before);
    const updated = await storeChange({ ...ctx, db: tx }, deviceId, after);
    await audit(tx, ctx.actor, "device.updated", { objectType: "device", objectId: deviceId, details: { changed } });
    return updated;
  });
}

/** Of the log: that the schema changed, not what is in it. */
export function schemaChange(before: DeviceRow["subjectSchema"], after: DeviceRow["subjectSchema"]) {
  if (canonicalJson(before) === canonicalJson(after)) return {};
  return { schema: after === null ? "removed" : before === null ? "set" : "replaced" };
}

/** Writes the columns given as the next version, in the caller's transaction. */
export async function storeChange(
  ctx: Ctx,
  deviceId: string,
  values: Partial<typeof devices.$inferInsert>,
): Promise<DeviceDto> {
  const [row] = await ctx.db
    .update(devices)
    .set({ ...values, version: sql`${devices.version} + 1`, updatedAt: sql`now()` })
    .where(eq(devices.id, deviceId))
    .returning();
  if (!row) throw new NotFound("There is no such device.");
  return toDto(ctx, row);
}
