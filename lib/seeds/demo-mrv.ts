import { inArray } from "drizzle-orm";
import type { z } from "zod";
import { meters } from "../db/schema";
import { attachMeters } from "../devices/attach-meters";
import { createDevice } from "../devices/create-device";
import { createJob } from "../jobs/create-job";
import type { SealingCtx } from "../meters/internal";
import type { mrvSettings } from "../mrv/settings";
import { addDuration, startOfDay } from "../time";
import { plantOnce } from "./once";

/** One device of a simulated policy as a person would enter it, and the job that records its meter's days. */
export interface DemoMrvSite {
  /** Of a meter of the demo. */
  meterName: string;
  deviceName: string;
  mrvConfig: Record<string, unknown>;
  schema: Record<string, unknown> | null;
  guardianUrl: string;
  /** Days before today that are recorded, too. */
  historyDays: number;
  settings: z.input<typeof mrvSettings>;
}

/** A device with its meter and a daily MRV job for every site. Planted once. */
export async function seedDemoMrv(ctx: SealingCtx, sites: readonly DemoMrvSite[], now = new Date()): Promise<boolean> {
  return plantOnce(ctx.db, "demo-mrv", async (tx) => {
    const names = sites.map(({ meterName }) => meterName);
    const rows = await tx
      .select({ id: meters.id, name: meters.name, timezone: meters.timezone })
      .from(meters)
      .where(inArray(meters.name, names));
    for (const { meterName, deviceName, historyDays, settings, ...device } of sites) {
      const meter = rows.find(({ name }) => name === meterName);
      if (!meter) throw new Error(`The demo has no meter ${meterName}.`);
      const inTx = { ...ctx, db: tx };
      const { id } = await createDevice(inTx, { name: deviceName, ...device });
      await attachMeters(inTx, { deviceId: id, meterIds: [meter.id] });
      const firstDay = addDuration(startOfDay(now, meter.timezone), `-P${historyDays}D`, meter.timezone);
      await createJob(inTx, { meterId: meter.id, type: "mrv", startAt: firstDay.toISOString(), settings });
    }
  });
}
