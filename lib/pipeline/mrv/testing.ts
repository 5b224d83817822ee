import { asc, eq } from "drizzle-orm";
import type { Db } from "../../db/client";
import { type meterJobs, type meters, meterTasks, mrvRecords } from "../../db/schema";
import { mrvSettings } from "../../mrv/settings";
import {
  aBatch,
  aDevice,
  aJob,
  type JobRow,
  type MeterRow,
  type RecordRow,
  type TaskRow,
} from "../../testing/builders";
import { aBatchOf, anApiMeter, aWorker, runStages, type TestWorker, type Vendor } from "../etl/testing";
import type { Batch } from "../worker";
import { extract } from "./extract";
import { verify } from "./verify";

/** Meters with a device, collected days and tasks for their records: everything real but the vendor. */

export interface Site {
  worker: TestWorker;
  meter: MeterRow;
  device: Awaited<ReturnType<typeof aDevice>>;
  /** Collects every day. */
  etl: JobRow;
  /** Makes a record of every day. */
  mrv: JobRow;
  /** Days that were collected, as bounds. */
  bounds: readonly string[];
}

/** 1 January 2026 in Sydney. */
export const aDay = ["2025-12-31T13:00:00Z", "2026-01-01T13:00:00Z"] as const;
/** Clocks are put back: 25 hours. */
export const aLongDay = ["2026-04-04T13:00:00Z", "2026-04-05T14:00:00Z"] as const;

/** Half a kWh in each five minutes of a plant, dark at night. */
export const sunny: Vendor = (_device, startEpochSeconds) => {
  const hour = ((startEpochSeconds / 3600 + 11) % 24) - 12;
  return Math.abs(hour) < 6 ? Math.round((6 - Math.abs(hour)) * 100 + (startEpochSeconds % 7)) / 1000 : 0;
};

/** A site whose days between `bounds` are collected, and whose records are still to be made. */
export async function aSite(
  db: Db,
  options: {
    bounds?: readonly string[];
    vendor?: Vendor;
    meter?: Partial<typeof meters.$inferInsert>;
    settings?: Record<string, unknown>;
    job?: Partial<typeof meterJobs.$inferInsert>;
    now?: () => Date;
  } = {},
): Promise<Site> {
  const bounds = options.bounds ?? aDay;
  const device = await aDevice(db);
  const meter = await anApiMeter(db, { deviceId: device.id, ...options.meter });
  const startAt = new Date(bounds[0] ?? aDay[0]);
  const endAt = new Date(bounds.at(-1) ?? aDay[1]);
  const collected = { meterId: meter.id, startAt, endAt, nextIntervalAt: endAt, status: "ended" as const };
  const etl = await aJob(db, collected);
  const settings = mrvSettings.parse({ MRV_METRIC: "eRealPositiveKwh", ...options.settings });
  const mrv = await aJob(db, {
    ...{ meterId: meter.id, startAt, nextIntervalAt: endAt, type: "mrv", name: "Record every day", settings },
    ...options.job,
  });
  const worker = await aWorker(db, options.vendor ?? sunny, options.now);
  await runStages(worker, await aBatchOf(db, etl, bounds));
  return { worker, meter, device, etl, mrv, bounds };
}

/** A queued task for the record of each day, in one batch. */
export async function recordTasks(
  db: Db,
  { mrv, bounds }: Pick<Site, "mrv" | "bounds">,
): Promise<Batch & { tasks: TaskRow[] }> {
  const { batchId, runId } = await aBatchOf(db, mrv, bounds);
  const tasks = await db
    .select()
    .from(meterTasks)
    .where(eq(meterTasks.batchId, batchId))
    .orderBy(asc(meterTasks.intervalStart));
  return { batchId, runId, tasks };
}

/** A task, put into a batch of its own as the dispatcher would. */
export async function batchOf(db: Db, taskId: string): Promise<Batch> {
  const { id: batchId } = await aBatch(db, { type: "mrv" });
  await db
    .update(meterTasks)
    .set({ batchId, state: "queued", waitReason: null, waitUntil: null })
    .where(eq(meterTasks.id, taskId));
  return { batchId, runId: "test" };
}

export async function makeRecords(worker: TestWorker, batch: Batch) {
  return { extracted: await extract(worker, batch), verified: await verify(worker, batch) };
}

/** All records of a task, the oldest first. */
export async function recordsOf(db: Db, taskId: string): Promise<RecordRow[]> {
  return db.select().from(mrvRecords).where(eq(mrvRecords.taskId, taskId)).orderBy(asc(mrvRecords.id));
}

/** The only record of a task that no other replaced. */
export async function recordOf(db: Db, taskId: string): Promise<RecordRow> {
  const standing = (await recordsOf(db, taskId)).filter(({ replacedAt }) => replacedAt === null);
  const [record] = standing;
  if (!record || standing.length > 1) throw new Error(`Task ${taskId} has ${standing.length} records.`);
  return record;
}
