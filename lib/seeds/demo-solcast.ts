import { createJob } from "../jobs/create-job";
import { createMeter } from "../meters/create-meter";
import type { SealingCtx } from "../meters/internal";
import { addDuration, startOfDay } from "../time";
import { plantOnce } from "./once";

/** The vendor keeps a week, and the day of the first start is not over. */
const HISTORY_DAYS = 6;

/** One simulated rooftop site as a person would enter it. */
export interface DemoSolcastSite {
  name: string;
  siteId: string;
  apiKey: string;
  timezone: string;
  region: string;
  /** Nameplate, kW, AC. */
  capacityKw: number;
}

/** A Solcast meter with a daily job for every site: two calls a day, and two for all of its history. Planted once. */
export async function seedDemoSolcast(ctx: SealingCtx, sites: readonly DemoSolcastSite[], now = new Date()) {
  return plantOnce(ctx.db, "demo-solcast", async (tx) => {
    for (const { siteId, apiKey, ...site } of sites) {
      const meter = await createMeter(
        { ...ctx, db: tx },
        { ...site, type: "Solcast", dataSourceType: "API", dataSource: siteId, dataCredentials: apiKey, settings: {} },
      );
      const firstDay = addDuration(startOfDay(now, site.timezone), `-P${HISTORY_DAYS}D`, site.timezone);
      await createJob({ ...ctx, db: tx }, { meterId: meter.id, type: "etl", startAt: firstDay.toISOString() });
    }
  });
}
