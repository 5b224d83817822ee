import { and, asc, inArray, isNull } from "drizzle-orm";
import type { Db } from "../db/client";
import { taskBatches } from "../db/schema/tasks";

/** Sends one event per batch, with the batch id as the event's id: an event that is sent twice starts one run. */
export type SendBatches = (batches: { batchId: string; type: "etl" | "mrv"; account: string }[]) => Promise<void>;

/**
 * Starts the runs of batches that are formed and not sent yet. The batch is the outbox: it was committed before, and
 * stays unsent when the process dies or the receiver is away, until a later call sends it. Throws what `send` throws.
 * @returns how many were sent
 */
export async function sendBatches(db: Db, send: SendBatches, now: Date): Promise<number> {
  const batches = await db
    .select({ batchId: taskBatches.id, type: taskBatches.type, account: taskBatches.accountKey })
    .from(taskBatches)
    .where(and(isNull(taskBatches.sentAt), isNull(taskBatches.finishedAt)))
    .orderBy(asc(taskBatches.createdAt));
  if (batches.length === 0) return 0;
  await send(batches);
  await db
    .update(taskBatches)
    .set({ sentAt: now, heartbeatAt: now })
    .where(
      and(
        inArray(
          taskBatches.id,
          batches.map((batch) => batch.batchId),
        ),
        isNull(taskBatches.sentAt),
      ),
    );
  return batches.length;
}
