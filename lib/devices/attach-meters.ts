import { asc, eq, inArray, sql } from "drizzle-orm";
import type { z } from "zod";
import { audit } from "../audit/audit";
import { authorise } from "../auth/actor";
import type { Ctx } from "../ctx";
import type { Db } from "../db/client";
import { devices, meters } from "../db/schema";
import { withTx } from "../db/tx";
import { Conflict, NotFound, NotPossibleNow } from "../errors";
import { parseInput } from "../field-errors";
import { lockLiveDevice, toDto } from "./internal";
import { attachMetersInput, type DeviceDto } from "./schemas";

/** Lets a device sign for these meters: all, or none of them. One that has it already stays; one of another device is a conflict. */
export async function attachMeters(ctx: Ctx, input: z.input<typeof attachMetersInput>): Promise<DeviceDto> {
  authorise(ctx.actor, "devices:edit");
  const { deviceId, meterIds } = parseInput(attachMetersInput, input);
  return withTx(ctx.db, async (tx) => {
    const device = await lockLiveDevice(tx, deviceId);
    const wanted = [...new Set(meterIds)];
    const found = await tx
      .select()
      .from(meters)
      .where(inArray(meters.id, wanted))
      .orderBy(asc(meters.id))
      .for("update");
    if (found.length < wanted.length) throw new NotFound("There is no such meter.");
    for (const meter of found) {
      if (meter.archivedAt) throw new NotPossibleNow(`${meter.name} is archived: no records are made of it.`);
      await assertNotAttached(tx, meter, deviceId);
    }
    const fresh = found.filter((meter) => meter.deviceId !== deviceId);
    if (fresh.length > 0) {
      await tx
        .update(meters)
        .set({ deviceId, version: sql`${meters.version} + 1`, updatedAt: sql`now()` })
        .where(
          inArray(
            meters.id,
            fresh.map(({ id }) => id),
          ),
        );
    }
    const changed = await toDto({ ...ctx, db: tx }, device);
    // A row for each: four eyes are told who touched a meter.
    for (const meter of fresh) {
      await audit(tx, ctx.actor, "device.meter-attached", {
        objectType: "device",
        objectId: deviceId,
        meterId: meter.id,
        details: { name: device.name, meter: meter.name },
      });
    }
    return changed;
  });
}

/** Throws Conflict where the meter has another device: its records would be issued twice. */
export async function assertNotAttached(
  tx: Db,
  meter: { name: string; deviceId: string | null },
  deviceId: string,
): Promise<void> {
  if (meter.deviceId === null || meter.deviceId === deviceId) return;
  const [other] = await tx.select({ name: devices.name }).from(devices).where(eq(devices.id, meter.deviceId));
  throw new Conflict(`${meter.name} is attached to ${other?.name ?? "another device"} already: detach it there first.`);
}
