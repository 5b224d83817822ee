import { and, desc, eq, isNull } from "drizzle-orm";
import type { Db } from "../../db/client";
import { devices, meterJobs, meters, meterTasks, mrvRecords } from "../../db/schema";
import { mrvSettings } from "../settings";
import type { RecordRow } from "./internal";

/**
 * Why the restatement of a record is not for acknowledging, in a sentence that says what is to be done instead; null where it is. Who is in a
 * position to put the figure right does that.
 */
export async function whyNotAcknowledged(db: Db, record: RecordRow): Promise<string | null> {
  if (record.replacedAt) return "Another record took the place of this one: look at that.";
  if (record.status === "submission_failed")
    return "Nothing of it has left: extract it again, with the readings as they are.";
  if (record.status !== "submitted") return "It is not submitted yet: see first what becomes of it.";
  const correction = await newestCorrection(db, record);
  if (correction && correction.status !== "rejected") {
    return `The record ${correction.id} corrects this one: there is nothing more to say of it.`;
  }
  const { isOrdered, isCorrectable, jobName } = await standing(db, record);
  if (isOrdered) return "A correcting record is being made: decide about that one.";
  const isTurnedDown = correction !== null && correction.createdAt.toISOString() >= (record.restatement?.seenAt ?? "");
  if (isCorrectable && !isTurnedDown) {
    return `Its policy takes corrections, as ${jobName} says: make a correcting record of it.`;
  }
  return null;
}

async function newestCorrection(db: Db, { id, meterId }: RecordRow) {
  const [row] = await db
    .select({ id: mrvRecords.id, status: mrvRecords.status, createdAt: mrvRecords.createdAt })
    .from(mrvRecords)
    // What corrects a record is of its meter.
    .where(and(eq(mrvRecords.meterId, meterId), eq(mrvRecords.correctsId, id), isNull(mrvRecords.replacedAt)))
    .orderBy(desc(mrvRecords.createdAt), desc(mrvRecords.id))
    .limit(1);
  return row ?? null;
}

/** Whether a correction is on its way, and whether one could be made: the job allows it, and meter and device are in use together. */
async function standing(db: Db, { jobId, taskId, deviceId, correctionOrderedAt }: RecordRow) {
  const [found] = await db
    .select({
      jobName: meterJobs.name,
      settings: meterJobs.settings,
      meterArchivedAt: meters.archivedAt,
      attachedTo: meters.deviceId,
      deviceArchivedAt: devices.archivedAt,
      taskState: meterTasks.state,
    })
    .from(meterJobs)
    .innerJoin(meters, eq(meters.id, meterJobs.meterId))
    .innerJoin(devices, eq(devices.id, deviceId))
    .innerJoin(meterTasks, eq(meterTasks.id, taskId))
    .where(eq(meterJobs.id, jobId));
  if (!found) throw new Error("A record without its job, device or task.");
  const settings = mrvSettings.safeParse(found.settings);
  const isInUse = !found.meterArchivedAt && !found.deviceArchivedAt && found.attachedTo === deviceId;
  // A correction that could not be made holds up nobody.
  const isUnderWay = found.taskState !== "failed" && found.taskState !== "cancelled";
  return {
    jobName: found.jobName,
    isOrdered: correctionOrderedAt !== null && isUnderWay,
    isCorrectable: isInUse && settings.success && settings.data.MRV_ALLOW_CORRECTIONS,
  };
}
