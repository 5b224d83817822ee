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
import { type JobDto, pauseJobInput } from "./schemas";

/** Stops a job from creating tasks; tasks already queued finish, pending ones wait. Pausing a paused job changes nothing. */
export async function pauseJob(ctx: Ctx, input: z.input<typeof pauseJobInput>): Promise<JobDto> {
  const { jobId, reason } = parseInput(pauseJobInput, input);
  return withTx(ctx.db, async (tx) => {
    const { job, meter } = await getJobForUpdate(tx, jobId);
    authorise(ctx.actor, "jobs:operate", job.meterId);
    if (job.status === "ended") throw new NotPossibleNow("An ended job cannot be paused.");
    if (job.status === "paused") return toDto({ job, meter });
    const [paused] = await tx
      .update(meterJobs)
      .set({ status: "paused", pauseReason: reason ?? null, updatedAt: sql`now()` })
      .where(eq(meterJobs.id, jobId))
      .returning();
    if (!paused) throw new Error("The job was locked and is gone.");
    const entry = { objectType: "job", objectId: jobId, meterId: job.meterId, details: { reason: reason ?? null } };
    await audit(tx, ctx.actor, "job.paused", entry);
    return toDto({ job: paused, meter });
  });
}
