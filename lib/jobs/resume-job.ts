import { eq, sql } from "drizzle-orm";
import type { z } from "zod";
import { audit } from "../audit/audit";
import { authorise } from "../auth/actor";
import type { Ctx } from "../ctx";
import { meterJobs } from "../db/schema";
import { withTx } from "../db/tx";
import { NotPossibleNow } from "../errors";
import { parseInput } from "../field-errors";
import { getJobForUpdate, toDto } from "./internal";
import { type JobDto, jobIdInput } from "./schemas";

/** Lets a paused job go on: the next dispatch makes up for every interval of the pause. Resuming an active job changes nothing. */
export async function resumeJob(ctx: Ctx, input: z.input<typeof jobIdInput>): Promise<JobDto> {
  const { jobId } = parseInput(jobIdInput, input);
  const dto = await withTx(ctx.db, async (tx) => {
    const { job, meter } = await getJobForUpdate(tx, jobId);
    authorise(ctx.actor, "jobs:operate", job.meterId);
    if (job.status === "ended") throw new NotPossibleNow("An ended job cannot be resumed: add a new one.");
    if (job.status === "active") return toDto({ job, meter });
    const [resumed] = await tx
      .update(meterJobs)
      .set({ status: "active", pauseReason: null, updatedAt: sql`now()` })
      .where(eq(meterJobs.id, jobId))
      .returning();
    if (!resumed) throw new Error("The job was locked and is gone.");
    await audit(tx, ctx.actor, "job.resumed", { objectType: "job", objectId: jobId, meterId: job.meterId });
    return toDto({ job: resumed, meter });
  });
  ctx.startWork?.();
  return dto;
}
