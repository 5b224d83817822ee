import { and, eq, sql } from "drizzle-orm";
import type { z } from "zod";
import { audit } from "../audit/audit";
import { authorise } from "../auth/actor";
import type { Ctx } from "../ctx";
import { meters } from "../db/schema";
import { withTx } from "../db/tx";
import { Conflict } from "../errors";
import { parseInput } from "../field-errors";
import { getDeviceRow, toDto } from "./internal";
import { type DeviceDto, detachMeterInput } from "./schemas";

/** The device signs nothing more of this meter. Throws Conflict where it is not attached to it. */
export async function detachMeter(ctx: Ctx, input: z.input<typeof detachMeterInput>): Promise<DeviceDto> {
  authorise(ctx.actor, "devices:edit");
  const { deviceId, meterId } = parseInput(detachMeterInput, input);
  return withTx(ctx.db, async (tx) => {
    const device = await getDeviceRow(tx, deviceId, true);
    const [meter] = await tx
      .update(meters)
      .set({ deviceId: null, version: sql`${meters.version} + 1`, updatedAt: sql`now()` })
      .where(and(eq(meters.id, meterId), eq(meters.deviceId, deviceId)))
      .returning({ name: meters.name });
    if (!meter) throw new Conflict(`The meter is not attached to ${device.name}: somebody detached it already.`);
    const changed = await toDto({ ...ctx, db: tx }, device);
    await audit(tx, ctx.actor, "device.meter-detached", {
      objectType: "device",
      objectId: deviceId,
      meterId,
      details: { name: device.name, meter: meter.name },
    });
    return changed;
  });
}
