import { eq, sql } from "drizzle-orm";
import type { z } from "zod";
import { audit } from "../audit/audit";
import { authorise } from "../auth/actor";
import type { Ctx } from "../ctx";
import { meters } from "../db/schema";
import { withTx } from "../db/tx";
import { parseInput } from "../field-errors";
import { getDeviceRow, toDto } from "./internal";
import { type archivedDeviceDto, deviceIdInput } from "./schemas";
import { storeChange } from "./update-device";

/**
 * Takes a device out of use: its meters are detached and nothing is signed with its key any more. What it signed stays. Archiving an archived
 * device changes nothing.
 */
export async function archiveDevice(
  ctx: Ctx,
  input: z.input<typeof deviceIdInput>,
): Promise<z.input<typeof archivedDeviceDto>> {
  authorise(ctx.actor, "devices:edit");
  const { deviceId } = parseInput(deviceIdInput, input);
  return withTx(ctx.db, async (tx) => {
    const inTx = { ...ctx, db: tx };
    const before = await getDeviceRow(tx, deviceId, true);
    if (before.archivedAt) {
      return { device: await toDto(inTx, before), detachedMeters: [], message: "It was archived already." };
    }
    const detached = await tx
      .update(meters)
      .set({ deviceId: null, version: sql`${meters.version} + 1`, updatedAt: sql`now()` })
      .where(eq(meters.deviceId, deviceId))
      .returning({ id: meters.id, name: meters.name });
    detached.sort((a, b) => a.name.localeCompare(b.name));
    const device = await storeChange(inTx, deviceId, { archivedAt: new Date() });
    await audit(tx, ctx.actor, "device.archived", {
      objectType: "device",
      objectId: deviceId,
      details: { name: before.name, detachedMeters: detached.map(({ id }) => id) },
    });
    const message = `${before.name} is archived. ${detached.length} ${detached.length === 1 ? "meter was" : "meters were"} detached; what it signed stays.`;
    return { device, detachedMeters: detached, message };
  });
}
