import { z } from "zod";
import { pageOf } from "../http/cursor";
import { endpoint } from "../http/endpoint";
import { idParams } from "../http/fields";
import { pauseBackfill, resumeBackfill, stopBackfill } from "./backfill/control-backfill";
import { planBackfill } from "./backfill/plan-backfill";
import { backfillProgress, listBackfills } from "./backfill/progress";
import { backfillDto, backfillOrder, backfillPlanDto } from "./backfill/schemas";
import { startBackfill } from "./backfill/start-backfill";
import { createJob } from "./create-job";
import { endJob } from "./end-job";
import { pauseJob } from "./pause-job";
import { getJob, listJobs } from "./queries";
import { resumeJob } from "./resume-job";
import { createJobInput, jobChanges, jobDto, listJobsQuery } from "./schemas";
import { updateJob } from "./update-job";

export const listJobsEndpoint = endpoint(
  {
    method: "GET",
    path: "/api/v1/jobs",
    summary: "Jobs, newest first",
    query: listJobsQuery,
    response: pageOf(jobDto),
  },
  (ctx, { query }) => listJobs(ctx, query),
);

export const createJobEndpoint = endpoint(
  {
    method: "POST",
    path: "/api/v1/jobs",
    summary: "Add a job to a meter",
    description:
      "Interval, time zone and delay default to the meter's and its type's. An MRV job needs a meter with a device; its settings are checked against the device's policy, and a sample of its credential against the JSON schema.",
    permission: "jobs:edit",
    body: createJobInput,
    response: jobDto,
    status: 201,
  },
  (ctx, { body }) => createJob(ctx, body),
);

export const getJobEndpoint = endpoint(
  { method: "GET", path: "/api/v1/jobs/{id}", summary: "One job", params: idParams, response: jobDto },
  (ctx, { params }) => getJob(ctx, { jobId: params.id }),
);

export const updateJobEndpoint = endpoint(
  {
    method: "PATCH",
    path: "/api/v1/jobs/{id}",
    summary: "Change a job",
    description:
      "What is left out is kept. Once there are tasks, interval and time zone are fixed and the start can only move back.",
    permission: "jobs:edit",
    params: idParams,
    body: jobChanges,
    response: jobDto,
  },
  (ctx, { params, body }) => updateJob(ctx, { ...body, jobId: params.id }),
);

export const endJobEndpoint = endpoint(
  {
    method: "DELETE",
    path: "/api/v1/jobs/{id}",
    summary: "End a job for good; its tasks and readings stay",
    permission: "jobs:edit",
    params: idParams,
    query: z.object({ cancelTasks: z.boolean().default(false) }),
    response: jobDto,
  },
  (ctx, { params, query }) => endJob(ctx, { jobId: params.id, cancelTasks: query.cancelTasks }),
);

export const pauseJobEndpoint = endpoint(
  {
    method: "POST",
    path: "/api/v1/jobs/{id}/pause",
    summary: "Stop a job from creating tasks",
    permission: "jobs:operate",
    params: idParams,
    body: z.strictObject({ reason: z.string().trim().max(500).optional() }).default({}),
    response: jobDto,
  },
  (ctx, { params, body }) => pauseJob(ctx, { jobId: params.id, ...body }),
);

export const resumeJobEndpoint = endpoint(
  {
    method: "POST",
    path: "/api/v1/jobs/{id}/resume",
    summary: "Let a paused job go on, and make up for the pause",
    permission: "jobs:operate",
    params: idParams,
    response: jobDto,
  },
  (ctx, { params }) => resumeJob(ctx, { jobId: params.id }),
);

export const backfillEndpoint = endpoint(
  {
    method: "POST",
    path: "/api/v1/jobs/{id}/backfill",
    summary: "Work through a range of a job again",
    description: "With dryRun the plan and its planToken; without it the backfill that was started.",
    permission: "jobs:operate",
    params: idParams,
    body: backfillOrder,
    response: z.union([backfillPlanDto, backfillDto]),
  },
  (ctx, { params, body: { dryRun, planToken, ...order } }) =>
    dryRun
      ? planBackfill(ctx, { ...order, jobId: params.id })
      : startBackfill(ctx, { ...order, jobId: params.id, planToken: planToken ?? "" }),
);

export const listBackfillsEndpoint = endpoint(
  {
    method: "GET",
    path: "/api/v1/jobs/{id}/backfill",
    summary: "The newest backfills of a job, with their progress",
    params: idParams,
    response: z.object({ items: z.array(backfillDto) }),
  },
  async (ctx, { params }) => ({ items: await listBackfills(ctx, { jobId: params.id }) }),
);

const backfillParams = idParams.extend({ backfillId: z.uuid({ error: "An id is a UUID." }) });

export const getBackfillEndpoint = endpoint(
  {
    method: "GET",
    path: "/api/v1/jobs/{id}/backfill/{backfillId}",
    summary: "Progress of a backfill",
    params: backfillParams,
    response: backfillDto,
  },
  (ctx, { params }) => backfillProgress(ctx, { backfillId: params.backfillId, jobId: params.id }),
);

export const pauseBackfillEndpoint = endpoint(
  {
    method: "POST",
    path: "/api/v1/jobs/{id}/backfill/{backfillId}/pause",
    summary: "Hold a backfill",
    permission: "jobs:operate",
    params: backfillParams,
    response: backfillDto,
  },
  (ctx, { params }) => pauseBackfill(ctx, { backfillId: params.backfillId, jobId: params.id }),
);

export const resumeBackfillEndpoint = endpoint(
  {
    method: "POST",
    path: "/api/v1/jobs/{id}/backfill/{backfillId}/resume",
    summary: "Let a backfill go on",
    permission: "jobs:operate",
    params: backfillParams,
    response: backfillDto,
  },
  (ctx, { params }) => resumeBackfill(ctx, { backfillId: params.backfillId, jobId: params.id }),
);

export const stopBackfillEndpoint = endpoint(
  {
    method: "POST",
    path: "/api/v1/jobs/{id}/backfill/{backfillId}/stop",
    summary: "End a backfill; tasks under way finish",
    permission: "jobs:operate",
    params: backfillParams,
    response: backfillDto,
  },
  (ctx, { params }) => stopBackfill(ctx, { backfillId: params.backfillId, jobId: params.id }),
);
