import { eq } from "drizzle-orm";
import type { Connector } from "../connectors/contract";
import { connectorOf } from "../connectors/registry";
import type { Db } from "../db/client";
import { assertZoneInDatabase } from "../db/known-zone";
import { meterJobs, meters } from "../db/schema";
import { InvalidInput, NotFound, NotPossibleNow } from "../errors";
import { parseInput } from "../field-errors";
import { mrvSettings } from "../mrv/settings";
import { nominalSeconds } from "../time";
import { intervalEnd, intervalSeconds } from "./intervals";
import { assertMrvJobFits } from "./mrv/assert-mrv-job-fits";
import { dueAfter } from "./off-the-quarter";
import type { JobDto } from "./schemas";

export type JobRow = typeof meterJobs.$inferSelect;
export type MeterRow = typeof meters.$inferSelect;

export interface JobAndMeter {
  job: JobRow;
  meter: MeterRow;
}

/** Throws NotFound. */
export async function getJobAndMeter(db: Db, jobId: string): Promise<JobAndMeter> {
  const [row] = await db
    .select({ job: meterJobs, meter: meters })
    .from(meterJobs)
    .innerJoin(meters, eq(meters.id, meterJobs.meterId))
    .where(eq(meterJobs.id, jobId));
  if (!row) throw new NotFound("There is no such job.");
  return row;
}

/** Locks the job (not its meter) until the transaction ends. Throws NotFound. */
export async function getJobForUpdate(tx: Db, jobId: string): Promise<JobAndMeter> {
  await tx.select({ id: meterJobs.id }).from(meterJobs).where(eq(meterJobs.id, jobId)).for("update");
  return getJobAndMeter(tx, jobId);
}

export function toDto({ job, meter }: JobAndMeter): JobDto {
  const end = intervalEnd(job.nextIntervalAt, job.interval, job.timezone);
  return {
    id: job.id,
    name: job.name,
    meterId: job.meterId,
    meterName: meter.name,
    type: job.type,
    trigger: job.trigger,
    startAt: job.startAt,
    endAt: job.endAt,
    interval: job.interval,
    timezone: job.timezone,
    delay: delayText(job.delaySeconds),
    rereadIntervals: job.rereadIntervals,
    forceOverride: job.forceOverride,
    maxRetries: job.maxRetries,
    settings: job.settings,
    status: job.status,
    pauseReason: job.pauseReason,
    nextIntervalAt: job.nextIntervalAt,
    nextDueAt: job.status === "active" ? dueAfter(end, { ...job, meterType: meter.type }) : null,
    latestTaskId: job.latestTaskId,
    createdAt: job.createdAt,
    updatedAt: job.updatedAt,
  };
}

/** Whole minutes to an ISO 8601 duration: 5400 is `PT1H30M`. */
function delayText(seconds: number): string {
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.round((seconds % 3600) / 60);
  return hours === 0 ? `PT${minutes}M` : `PT${hours}H${minutes === 0 ? "" : `${minutes}M`}`;
}

/**
 * What must hold between the fields of a job, and between it and its meter's type (of an MRV job: its device and policy, too). Throws
 * InvalidInput at the field. The zone is tried on the database too: one that only this runtime knows would stop the dispatch of all jobs.
 */
export async function assertJobFits(
  tx: Db,
  meter: MeterRow,
  job: Pick<JobRow, "type" | "startAt" | "endAt" | "interval" | "timezone" | "settings"> & { id?: string },
): Promise<void> {
  const connector = connectorOf(meter.type);
  if (meter.dataSourceType === "UPLOAD" && job.type === "etl") {
    throw new NotPossibleNow(`${meter.name} has no source to ask: upload its files on its page.`);
  }
  assertIntervalFits(connector, job.interval);
  if (job.endAt && job.endAt <= job.startAt) {
    throw new InvalidInput("The end must be after the start.", { endAt: "This must be after the start." });
  }
  await assertZoneInDatabase(tx, job.timezone);
  if (job.type === "mrv") {
    await assertMrvJobFits(tx, meter, { ...job, settings: parseInput(mrvSettings, job.settings, "settings") });
  }
}

function assertIntervalFits(connector: Connector, interval: string): void {
  if (intervalSeconds(interval) >= nominalSeconds(connector.resolution)) return;
  throw new InvalidInput(`${connector.label} readings are ${connector.resolution} long: choose no shorter interval.`, {
    interval: `This must be at least ${connector.resolution}.`,
  });
}
