import { z } from "zod";
import { jobTypes } from "../db/schema/jobs";
import { etlStages, mrvStages, taskStates, waitReasons } from "../db/schema/tasks";
import { pageQuery } from "../http/cursor";
import { instant, instantOut } from "../http/fields";

const stages = [...etlStages, ...mrvStages] as const;

const filters = {
  jobId: z.uuid().optional(),
  meterId: z.uuid().optional(),
  backfillId: z.uuid().optional(),
  state: z.array(z.enum(taskStates)).optional(),
  type: z.enum(jobTypes).optional(),
  stage: z.enum(stages).optional(),
  waitReason: z.enum(waitReasons).optional().meta({ description: "Tasks that wait for this." }),
  accountKey: z.string().min(1).max(200).optional().meta({
    description: "Tasks of the meters of a source account, as /quotas names it.",
  }),
  from: instant.optional().meta({ description: "Intervals that start at or after it." }),
  to: instant.optional().meta({ description: "Intervals that start before it." }),
  errorCode: z.string().min(1).max(80).optional().meta({
    description: "Tasks whose newest attempt failed so, and that did not succeed since.",
  }),
  minRetries: z.number().int().min(0).optional().meta({ description: "Tasks that spent at least so many retries." }),
};

export const taskFilter = z.strictObject({
  ...filters,
  ranges: z
    .array(z.object({ from: instant, to: instant }))
    .min(1)
    .max(100)
    .optional()
    .meta({ description: "Intervals that start inside one of these, such as the same hours of several days." }),
});
export type TaskFilter = z.output<typeof taskFilter>;

export const taskSorts = ["interval", "changed", "retries", "worked"] as const;

export const listTasksQuery = z.object({
  ...pageQuery,
  ...filters,
  sort: z.enum(taskSorts).default("interval").meta({ description: "A cursor holds for the order it was given in." }),
  descending: z.boolean().default(true),
});
export const taskIdInput = z.strictObject({ taskId: z.uuid() });

/** Which tasks: by id (at once), or by filter (a dry run first). */
const selection = {
  taskIds: z.array(z.uuid()).min(1).max(1000).optional(),
  filter: taskFilter.optional(),
  dryRun: z.boolean().default(false),
  planToken: z.string().optional().meta({ description: "Of the dry run's answer; needed with a filter." }),
};
export const retryTasksInput = z.strictObject({
  ...selection,
  fromStage: z.enum(etlStages).optional().meta({
    description: "Default: the stage a task stands at. A stage it has not reached is not skipped to.",
  }),
  force: z.boolean().default(false).meta({ description: "From collection, asking the source again." }),
});
export const cancelTasksInput = z.strictObject(selection);

export const bulkDto = z.object({
  dryRun: z.boolean(),
  matching: z.number().int().meta({ description: "Tasks the selection names." }),
  affected: z.number().int().meta({ description: "Those that are (or would be) changed." }),
  tasksByState: z.partialRecord(z.enum(taskStates), z.number().int()).meta({ description: "Of the matching, before." }),
  tasksByType: z.partialRecord(z.enum(jobTypes), z.number().int()).meta({ description: "Of the matching." }),
  effect: z
    .object({
      vendorCalls: z.number().int().meta({ description: "About so many, at most; 0 where archived bytes are used." }),
      quotas: z.array(
        z.object({
          account: z.string(),
          limit: z.number().int(),
          left: z.number().int(),
          resetAt: instantOut.nullable(),
        }),
      ),
      readingsOverwritten: z.number().int().meta({ description: "Stored readings that may be replaced." }),
    })
    .optional()
    .meta({ description: "Of a retry, in the answer of its dry run." }),
  planToken: z.string(),
});
export type BulkResult = z.input<typeof bulkDto>;

const executionErr = z.object({
  stage: z.enum(stages),
  attempt: z.number().int(),
  startedAt: z.string(),
  at: z.string(),
  code: z.string(),
  message: z.string(),
  isRetryable: z.boolean(),
  waitReason: z.enum(waitReasons).optional(),
  waitUntil: z.string().optional(),
  answer: z
    .object({
      request: z.string(),
      status: z.number().optional(),
      headers: z.record(z.string(), z.string()).optional(),
      body: z.string().optional(),
    })
    .optional()
    .meta({ description: "What the vendor was asked and said; only on a single task." }),
});

const stageTiming = z.object({
  stage: z.enum(stages),
  startedAt: z.string(),
  endedAt: z.string(),
  outcome: z.enum(["succeeded", "failed"]),
});

const artifact = z.object({
  id: z.uuid(),
  kind: z.enum(["raw", "transformed"]),
  key: z.string(),
  sha256: z.string(),
  sizeBytes: z.number().int(),
  contentType: z.string(),
  coversFrom: instantOut.nullable(),
  coversTo: instantOut.nullable(),
  origin: z.record(z.string(), z.unknown()).meta({ description: "Where the bytes came from, without secrets." }),
  fetchedAt: instantOut,
});

export const taskDto = z.object({
  id: z.uuid(),
  jobId: z.uuid(),
  jobName: z.string(),
  meterId: z.uuid(),
  meterName: z.string(),
  timezone: z.string().meta({ description: "The meter's." }),
  type: z.enum(["etl", "mrv"]),
  intervalStart: instantOut,
  intervalEnd: instantOut,
  dueAt: instantOut,
  stage: z.enum(stages),
  state: z.enum(taskStates),
  waitReason: z.enum(waitReasons).nullable(),
  waitUntil: instantOut.nullable(),
  retryCount: z.number().int(),
  maxRetries: z.number().int(),
  executionErrs: z.array(executionErr),
  timings: z.array(stageTiming),
  priority: z.number().int().meta({ description: "0 live, 1 asked for, 2 catching up or backfill." }),
  isForced: z.boolean(),
  forcedBy: z.string().nullable(),
  backfillId: z.uuid().nullable(),
  runId: z.string().nullable().meta({ description: "Of the newest run that had it." }),
  rowsRead: z.number().int(),
  rowsWritten: z.number().int(),
  rowsChanged: z.number().int(),
  rowsRejected: z.number().int(),
  readingsExpected: z.number().int(),
  readingsPresent: z.number().int(),
  artifacts: z.array(artifact),
  queuedAt: instantOut.nullable(),
  startedAt: instantOut.nullable(),
  finishedAt: instantOut.nullable(),
  createdAt: instantOut,
  updatedAt: instantOut,
});
export type TaskDto = z.input<typeof taskDto>;

/** A single task also says which rows were rejected, and why. */
export const taskDetailDto = taskDto.extend({
  rejects: z.array(z.object({ row: z.string(), reason: z.string() })).meta({ description: "The first hundred." }),
});
export type TaskDetail = z.input<typeof taskDetailDto>;
