"use server";

import { z } from "zod";
import { action } from "@/lib/action";
import type { Ctx } from "@/lib/ctx";
import { InvalidInput } from "@/lib/errors";
import { pauseBackfill, resumeBackfill, stopBackfill } from "@/lib/jobs/backfill/control-backfill";
import { planBackfill } from "@/lib/jobs/backfill/plan-backfill";
import { backfillIdInput, planBackfillInput, startBackfillInput } from "@/lib/jobs/backfill/schemas";
import { startBackfill } from "@/lib/jobs/backfill/start-backfill";
import { createJob } from "@/lib/jobs/create-job";
import { endJob } from "@/lib/jobs/end-job";
import { previewSubject, previewSubjectInput } from "@/lib/jobs/mrv/preview-subject";
import { pauseJob } from "@/lib/jobs/pause-job";
import { previewJob } from "@/lib/jobs/preview-job";
import { getJob } from "@/lib/jobs/queries";
import { resumeJob } from "@/lib/jobs/resume-job";
import { createJobInput, endJobInput, jobIdInput, pauseJobInput, updateJobInput } from "@/lib/jobs/schemas";
import { updateJob } from "@/lib/jobs/update-job";
import { getMeter } from "@/lib/meters/queries";
import { addDuration, dayStart } from "@/lib/time";

const jobPath = ({ jobId }: { jobId: string }) => `/jobs/${jobId}`;

/** Days are typed as days: they start at midnight of the meter. */
const days = { startDay: z.string(), endDay: z.string().nullish() };
const createForm = createJobInput.omit({ startAt: true, endAt: true }).extend(days);
const updateForm = updateJobInput
  .omit({ startAt: true, endAt: true })
  .extend({ startDay: days.startDay.optional(), endDay: days.endDay });

export const createJobAction = action(createForm, async (ctx, form) => createJob(ctx, await withInstants(ctx, form)), {
  revalidate: () => "/jobs",
});

export const previewJobAction = action(createForm, async (ctx, form) => previewJob(ctx, await withInstants(ctx, form)));

export const previewSubjectAction = action(previewSubjectInput, previewSubject);

export const updateJobAction = action(
  updateForm,
  async (ctx, { startDay, endDay, ...changes }) => {
    const { timezone } = await getJob(ctx, { jobId: changes.jobId });
    const startAt = startDay === undefined ? undefined : dayOf(startDay, timezone, "startDay");
    const endAt = endDay ? dayOf(endDay, timezone, "endDay") : (endDay as null | undefined);
    return updateJob(ctx, { ...changes, startAt, endAt });
  },
  { revalidate: jobPath },
);

async function withInstants(ctx: Ctx, { startDay, endDay, ...input }: z.output<typeof createForm>) {
  const { timezone } = await getMeter(ctx, { meterId: input.meterId });
  const startAt = dayOf(startDay, timezone, "startDay");
  return { ...input, startAt, endAt: endDay ? dayOf(endDay, timezone, "endDay") : undefined };
}

function dayOf(text: string, timezone: string, field: string): string {
  const start = dayStart(text, timezone);
  if (!start)
    throw new InvalidInput("One field needs another look.", { [field]: "A day such as 2026-11-23 is needed." });
  return start.toISOString();
}

export const pauseJobAction = action(pauseJobInput, pauseJob, { revalidate: jobPath });
export const resumeJobAction = action(jobIdInput, resumeJob, { revalidate: jobPath });
export const endJobAction = action(endJobInput, endJob, { revalidate: jobPath });

/** A range is instants of the grid, or days that are typed: from the first one's midnight to the last one's end. */
const orderDays = { from: z.string(), to: z.string() };

export const planBackfillAction = action(planBackfillInput.extend(orderDays), async (ctx, order) =>
  planBackfill(ctx, await withRange(ctx, order)),
);
export const startBackfillAction = action(
  startBackfillInput.extend(orderDays),
  async (ctx, order) => startBackfill(ctx, await withRange(ctx, order)),
  { revalidate: jobPath },
);

async function withRange<Order extends { jobId: string; from: string; to: string }>(ctx: Ctx, order: Order) {
  if (order.from.includes("T")) return order;
  const { timezone } = await getJob(ctx, { jobId: order.jobId });
  const from = dayOf(order.from, timezone, "from");
  const lastDay = dayOf(order.to, timezone, "to");
  if (lastDay < from) {
    throw new InvalidInput("One field needs another look.", { to: "This must not be before the first day." });
  }
  return { ...order, from, to: addDuration(new Date(lastDay), "P1D", timezone).toISOString() };
}

export const pauseBackfillAction = action(backfillIdInput, pauseBackfill);
export const resumeBackfillAction = action(backfillIdInput, resumeBackfill);
export const stopBackfillAction = action(backfillIdInput, stopBackfill);
