"use server";

import { z } from "zod";
import { action } from "@/lib/action";
import { InvalidInput } from "@/lib/errors";
import { pauseBackfill, resumeBackfill, stopBackfill } from "@/lib/jobs/backfill/control-backfill";
import { planBackfill } from "@/lib/jobs/backfill/plan-backfill";
import { backfillIdInput, planBackfillInput, startBackfillInput } from "@/lib/jobs/backfill/schemas";
import { startBackfill } from "@/lib/jobs/backfill/start-backfill";
import { createJob } from "@/lib/jobs/create-job";
import { endJob } from "@/lib/jobs/end-job";
import { pauseJob } from "@/lib/jobs/pause-job";
import { resumeJob } from "@/lib/jobs/resume-job";
import { createJobInput, endJobInput, jobIdInput, pauseJobInput } from "@/lib/jobs/schemas";
import { getMeter } from "@/lib/meters/queries";
import { dayStart } from "@/lib/time";

const jobPath = ({ jobId }: { jobId: string }) => `/jobs/${jobId}`;

/** Days are typed as days: they start at midnight of the meter. */
const jobForm = createJobInput
  .omit({ startAt: true, endAt: true, settings: true })
  .extend({ startDay: z.string(), endDay: z.string().optional() });

export const createJobAction = action(
  jobForm,
  async (ctx, { startDay, endDay, ...input }) => {
    const { timezone } = await getMeter(ctx, { meterId: input.meterId });
    const startAt = dayOf(startDay, timezone, "startDay");
    const endAt = endDay ? dayOf(endDay, timezone, "endDay") : undefined;
    return createJob(ctx, { ...input, startAt, endAt });
  },
  { revalidate: () => "/jobs" },
);

function dayOf(text: string, timezone: string, field: string): string {
  const start = dayStart(text, timezone);
  if (!start)
    throw new InvalidInput("One field needs another look.", { [field]: "A day such as 2026-11-23 is needed." });
  return start.toISOString();
}

export const pauseJobAction = action(pauseJobInput, pauseJob, { revalidate: jobPath });
export const resumeJobAction = action(jobIdInput, resumeJob, { revalidate: jobPath });
export const endJobAction = action(endJobInput, endJob, { revalidate: jobPath });
export const planBackfillAction = action(planBackfillInput, planBackfill);
export const startBackfillAction = action(startBackfillInput, startBackfill, { revalidate: jobPath });
export const pauseBackfillAction = action(backfillIdInput, pauseBackfill);
export const resumeBackfillAction = action(backfillIdInput, resumeBackfill);
export const stopBackfillAction = action(backfillIdInput, stopBackfill);
