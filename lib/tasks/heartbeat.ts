import { and, eq, isNull } from "drizzle-orm";
import type { Db } from "../db/client";
import { taskBatches } from "../db/schema/tasks";

/**
 * Says that a run still lives. Stages call it at their start and at least every 20 seconds of work (between vendor calls
 * and between files). False: the batch was finished or taken back meanwhile, and the stage should stop; its writes would match
 * no task any more.
 */
export async function raiseHeartbeat(db: Db, batchId: string, now: Date): Promise<boolean> {
  const rows = await db
    .update(taskBatches)
    .set({ heartbeatAt: now })
    .where(and(eq(taskBatches.id, batchId), isNull(taskBatches.finishedAt)))
    .returning({ id: taskBatches.id });
  return rows.length > 0;
}
