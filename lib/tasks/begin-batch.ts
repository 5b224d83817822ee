import { and, eq, isNull, or } from "drizzle-orm";
import type { Db } from "../db/client";
import { taskBatches } from "../db/schema/tasks";
import type { Batch } from "../pipeline/worker";

/**
 * A run takes its batch. False when the batch is finished, was taken back, or another run has it: there is nothing to do. The
 * same run may ask again.
 */
export async function beginBatch(db: Db, batch: Batch, now: Date): Promise<boolean> {
  const rows = await db
    .update(taskBatches)
    .set({ runId: batch.runId, heartbeatAt: now })
    .where(
      and(
        eq(taskBatches.id, batch.batchId),
        isNull(taskBatches.finishedAt),
        or(isNull(taskBatches.runId), eq(taskBatches.runId, batch.runId)),
      ),
    )
    .returning({ id: taskBatches.id });
  return rows.length > 0;
}
