import { eq, sql } from "drizzle-orm";
import type { z } from "zod";
import { audit } from "../audit/audit";
import { authorise } from "../auth/actor";
import type { Ctx } from "../ctx";
import type { Db } from "../db/client";
import { meterJobs } from "../db/schema";
import { withTx } from "../db/tx";
import { parseInput } from "../field-errors";
import { isCancellable } from "../tasks/decided-on-record";
import { getJobForUpdate, toDto } from "./internal";
import { endJobInput, type JobDto } from "./schemas";

/**
 * Ends a job for good. It makes no more tasks; those it has finish, or are cancelled where asked for, but for those that
 * have a record: that is decided about by itself. Its tasks and readings stay, and can be retried and backfilled. Ending an ended job changes nothing but the tasks to cancel.
 */
export async function endJob(ctx: Ctx, input: z.input<typeof endJobInput>): Promise<JobDto> {
  const { jobId, cancelTasks } = parseInput(endJobInput, input);
  return withTx(ctx.db, async (tx) => {
    const { job, meter } = await getJobForUpdate(tx, jobId);
    authorise(ctx.actor, "jobs:edit", job.meterId);
    const cancelledTasks = cancelTasks ? await cancelUnfinished(tx, jobId) : 0;
    if (job.status === "ended" && cancelledTasks === 0) return toDto({ job, meter });
    const [ended] = await tx
      .update(meterJobs)
      .set({ status: "ended", pauseReason: null, updatedAt: sql`now()` })
      .where(eq(meterJobs.id, jobId))
      .returning();
    if (!ended) throw new Error("The job was locked and is gone.");
    const entry = { objectType: "job", objectId: jobId, meterId: job.meterId, details: { cancelledTasks } };
    await audit(tx, ctx.actor, "job.ended", entry);
    return toDto({ job: ended, meter });
  });
}

async function cancelUnfinished(tx: Db, jobId: string): Promise<number> {
  const rows = await tx.execute(sql`
    with unfinished as (
      select id from meter_tasks where job_id = ${jobId} and ${isCancellable}
      order by id for update
    )
    update meter_tasks t set state = 'cancelled', wait_reason = null, wait_until = null, finished_at = now(), updated_at = now()
    from unfinished u where u.id = t.id`);
  return rows.count;
}
