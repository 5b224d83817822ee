import { sql } from "drizzle-orm";
import { mrvRecords } from "../../db/schema";
import { AT_ONCE } from "../../mrv/submission/limits";
import { dueRecords } from "../../mrv/submission/sweep-submissions";
import type { Worker } from "../worker";
import { type Submission, submitRecord } from "./submit";

/** Until one that failed in a way that nobody foresaw is tried again: it must not stand in the way of the others. */
const PUT_OFF_MS = 60_000;

/** Sends the next few records of a Guardian side by side. Returns how many were tried, and when the first of the refused ones is due again. */
export async function submitDue(worker: Worker, guardian: string): Promise<{ tried: number; retryAt: string | null }> {
  const due = await dueRecords(worker.db, guardian, AT_ONCE, worker.now());
  const ended = await Promise.allSettled(due.map((recordId) => submitOrPutOff(worker, recordId)));
  const failed = ended.find((each) => each.status === "rejected");
  if (failed) throw failed.reason;
  const retries = ended.flatMap((each) => (each.status === "fulfilled" ? (each.value?.retryAt ?? []) : []));
  return { tried: due.length, retryAt: retries.sort()[0] ?? null };
}

async function submitOrPutOff(worker: Worker, recordId: string): Promise<Submission | null> {
  try {
    return await submitRecord(worker, recordId);
  } catch (error) {
    const now = worker.now();
    await worker.db
      .update(mrvRecords)
      .set({ submitAt: new Date(now.getTime() + PUT_OFF_MS) })
      .where(sql`${mrvRecords.id} = ${recordId} and ${mrvRecords.submitAt} <= ${now.toISOString()}::timestamptz`);
    worker.log.error({ err: error, recordId }, "A record could not be submitted. It is tried again in a minute.");
    return null;
  }
}
