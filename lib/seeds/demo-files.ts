import { createJob } from "../jobs/create-job";
import { createMeter } from "../meters/create-meter";
import type { SealingCtx } from "../meters/internal";
import { addDuration, startOfDay } from "../time";
import { plantOnce } from "./once";

const HISTORY_DAYS = 30;

/** One meter read from a bucket, as a person would enter it. */
export interface DemoFileSite {
  name: string;
  type: "NEM12" | "GreenButton" | "CSV";
  bucket: string;
  credentials: object;
  timezone: string;
  /** Null: no emission factor is known. */
  region: string | null;
  settings: Record<string, unknown>;
}

/** A meter with a daily job for every site, each with 30 days of files to collect. Planted once. */
export async function seedDemoFiles(ctx: SealingCtx, sites: readonly DemoFileSite[], now = new Date()) {
  return plantOnce(ctx.db, "demo-files", async (tx) => {
    for (const { bucket, credentials, ...site } of sites) {
      const meter = await createMeter(
        { ...ctx, db: tx },
        {
          ...site,
          dataSourceType: "S3",
          dataSource: bucket,
          dataCredentials: JSON.stringify(credentials),
        },
      );
      const firstDay = addDuration(startOfDay(now, site.timezone), `-P${HISTORY_DAYS}D`, site.timezone);
      await createJob({ ...ctx, db: tx }, { meterId: meter.id, type: "etl", startAt: firstDay.toISOString() });
    }
  });
}
