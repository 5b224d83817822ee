import { createJob } from "../jobs/create-job";
import { createMeter } from "../meters/create-meter";
import type { SealingCtx } from "../meters/internal";
import { addDuration, startOfDay } from "../time";
import { plantOnce } from "./once";

const HISTORY_DAYS = 30;

/** One simulated device as a person would enter it. */
export interface DemoSite {
  name: string;
  deviceId: string;
  apiKey: string;
  timezone: string;
  region: string;
  /** Nameplate of the panels, kW, AC; null where the meter is not on generation. */
  capacityKw: number | null;
  /** Numbers from 1 of the channels that make up the meter. */
  channels: number[];
  interval: "PT5M" | "PT1H" | "P1D";
}

/** A WattWatchers meter with a job for every site, each with 30 days of history to collect. Planted once. */
export async function seedDemoFleet(ctx: SealingCtx, sites: readonly DemoSite[], now = new Date()): Promise<boolean> {
  return plantOnce(ctx.db, "demo-fleet", async (tx) => {
    for (const site of sites) {
      const meter = await createMeter(
        { ...ctx, db: tx },
        {
          name: site.name,
          type: "WattWatchers",
          dataSourceType: "API",
          dataSource: site.deviceId,
          dataCredentials: site.apiKey,
          timezone: site.timezone,
          region: site.region,
          capacityKw: site.capacityKw,
          settings: { channels: site.channels },
        },
      );
      const firstDay = addDuration(startOfDay(now, site.timezone), `-P${HISTORY_DAYS}D`, site.timezone);
      await createJob(
        { ...ctx, db: tx },
        { meterId: meter.id, type: "etl", startAt: firstDay.toISOString(), interval: site.interval },
      );
    }
  });
}
