import type { z } from "zod";
import { audit } from "../audit/audit";
import { authorise } from "../auth/actor";
import type { Ctx } from "../ctx";
import { meterJobs } from "../db/schema";
import { withTx } from "../db/tx";
import { NotPossibleNow } from "../errors";
import { parseInput } from "../field-errors";
import { getMeterRow } from "../meters/internal";
import { assertJobFits, toDto } from "./internal";
import { anchorOf } from "./intervals";
import { jobValues } from "./job-values";
import { createJobInput, type JobDto } from "./schemas";

/**
 * Adds a job to a meter. Its intervals start with the one that holds `startAt`; those that are already due get their tasks from
 * the next dispatch, oldest first, behind live work. What is left out comes from the meter and its type.
 */
export async function createJob(ctx: Ctx, input: z.input<typeof createJobInput>): Promise<JobDto> {
  const given = parseInput(createJobInput, input);
  authorise(ctx.actor, "jobs:edit", given.meterId);
  const created = await withTx(ctx.db, async (tx) => {
    const meter = await getMeterRow(tx, given.meterId, true);
    if (meter.archivedAt) throw new NotPossibleNow(`${meter.name} is archived: no jobs can be added to it.`);
    const fitting = jobValues(given, meter);
    const { interval, timezone } = fitting;
    const anchorAt = anchorOf(given.startAt, interval, timezone);
    const values = { ...fitting, anchorAt, nextIntervalAt: anchorAt };
    await assertJobFits(tx, meter, values);
    const [job] = await tx.insert(meterJobs).values(values).returning();
    if (!job) throw new Error("The job was not stored.");
    const dto = toDto({ job, meter });
    await audit(tx, ctx.actor, "job.created", {
      objectType: "job",
      objectId: job.id,
      meterId: meter.id,
      details: {
        name: job.name,
        type: job.type,
        interval,
        timezone,
        startAt: job.startAt.toISOString(),
        delay: dto.delay,
      },
    });
    return dto;
  });
  ctx.startWork?.();
  return created;
}
