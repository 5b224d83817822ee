import { and, eq } from "drizzle-orm";
import type { Db } from "../db/client";
import { meterJobs } from "../db/schema";
import type { JobRow } from "../jobs/internal";
import type { Meter } from "../pipeline/etl/run-stage";
import type { UploadDay } from "./days";

/**
 * The job that a meter's uploads belong to, locked; made with the first of them. Its intervals are civil days, it is over from the
 * beginning, and it reaches from the first day that was ever uploaded to the last. The meter must be locked.
 */
export async function uploadJob(tx: Db, meter: Meter, days: readonly UploadDay[]): Promise<JobRow> {
  const [first, last] = [days[0], days.at(-1)];
  if (!first || !last) throw new Error("An upload without days has no job.");
  const [known] = await tx
    .select()
    .from(meterJobs)
    .where(and(eq(meterJobs.meterId, meter.id), eq(meterJobs.trigger, "upload")))
    .for("update");
  const from = known && known.anchorAt < first.from ? known.anchorAt : first.from;
  const to = known && known.nextIntervalAt > last.to ? known.nextIntervalAt : last.to;
  const reach = { startAt: from, anchorAt: from, nextIntervalAt: to, endAt: to };
  const [job] = known
    ? await tx
        .update(meterJobs)
        .set({ ...reach, updatedAt: new Date() })
        .where(eq(meterJobs.id, known.id))
        .returning()
    : await tx
        .insert(meterJobs)
        .values({
          ...reach,
          name: "Uploaded files",
          meterId: meter.id,
          type: "etl",
          trigger: "upload",
          status: "ended",
          interval: "P1D",
          timezone: meter.timezone,
          delaySeconds: 0,
          rereadIntervals: 0,
        })
        .returning();
  if (!job) throw new Error("The job of the uploads was not stored.");
  return job;
}
