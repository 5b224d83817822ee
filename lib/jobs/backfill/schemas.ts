import { z } from "zod";
import { backfillModes, jobTypes } from "../../db/schema/jobs";
import { taskStates } from "../../db/schema/tasks";
import { instant, instantOut } from "../../http/fields";

const order = {
  from: instant.meta({ description: "The interval that holds it is the first." }),
  to: instant.meta({ description: "Exclusive: the last interval starts before it." }),
  mode: z.enum(backfillModes).default("missing").meta({
    description:
      "missing: intervals without a task, cancelled ones, and succeeded ones with fewer readings than expected. failed: failed tasks. incomplete: both. all: every interval whose task is finished or missing. Of an MRV job tasks that succeeded are never named: their records have left.",
  }),
  ranges: z
    .array(z.object({ from: instant, to: instant }))
    .min(1)
    .max(100)
    .optional()
    .meta({ description: "Only intervals that touch one of these, such as the same hours of several days." }),
  force: z
    .boolean()
    .default(false)
    .meta({ description: "Ask the source again even where archived bytes are there. Refused of MRV jobs." }),
};

export const planBackfillInput = z.strictObject({ jobId: z.uuid(), ...order });
export const startBackfillInput = z.strictObject({ jobId: z.uuid(), ...order, planToken: z.string().min(1) });

/** Body of `POST /jobs/{id}/backfill`. */
export const backfillOrder = z
  .strictObject({ ...order, dryRun: z.boolean().default(false), planToken: z.string().optional() })
  .refine((body) => body.dryRun || body.planToken !== undefined, {
    path: ["planToken"],
    error: "Ask with dryRun first, and send the planToken of its answer.",
  });

export const backfillPlanDto = z.object({
  jobId: z.uuid(),
  type: z.enum(jobTypes),
  from: instantOut.meta({ description: "Start of the first interval, cut to the job's range and to what is due." }),
  to: instantOut.meta({ description: "End of the last interval." }),
  mode: z.enum(backfillModes),
  force: z.boolean(),
  intervals: z.object({
    inRange: z.number().int(),
    toCreate: z.number().int().meta({ description: "Intervals without a task." }),
    toRedo: z.number().int().meta({ description: "Finished tasks that are done again." }),
    inFlight: z.number().int().meta({ description: "Pending, queued, running or waiting: left alone." }),
    leftAlone: z.number().int().meta({ description: "Finished tasks that this mode does not ask for." }),
  }),
  tasksByState: z.partialRecord(z.enum(taskStates), z.number().int()),
  tasksByMode: z
    .record(z.enum(backfillModes), z.number().int())
    .meta({ description: "How many tasks each mode names." }),
  vendorCalls: z.number().int().meta({ description: "About so many, at most; 0 for files from a bucket." }),
  quota: z
    .object({ limit: z.number().int(), left: z.number().int(), resetAt: instantOut.nullable() })
    .nullable()
    .meta({ description: "Of the account and its day; null where nothing is known." }),
  credential: z.string().nullable().meta({ description: "The account's credential, shortened." }),
  readingsExpected: z.number().int(),
  estimatedSeconds: z.number().int().nullable().meta({
    description: "From how long the newest backfills of this meter type took; null without any.",
  }),
  readingsOverwritten: z.number().int().meta({ description: "Stored readings that may be replaced." }),
  notes: z.array(z.string()),
  planToken: z.string(),
});
export type BackfillPlan = z.input<typeof backfillPlanDto>;

/** With `jobId`, a backfill of another job is not found. */
export const backfillIdInput = z.strictObject({ backfillId: z.uuid(), jobId: z.uuid().optional() });

export const backfillDto = z.object({
  id: z.uuid(),
  jobId: z.uuid(),
  from: instantOut,
  to: instantOut,
  mode: z.enum(backfillModes),
  force: z.boolean(),
  status: z.enum(["running", "paused", "stopped", "done"]),
  taskCount: z.number().int(),
  tasksByState: z.partialRecord(z.enum(taskStates), z.number().int()),
  finishedTasks: z.number().int(),
  tasksPerMinute: z
    .number()
    .nullable()
    .meta({ description: "Finished in the last five minutes; null unless it runs." }),
  expectedEndAt: instantOut.nullable().meta({ description: "At that rate; null where there is none." }),
  createdBy: z.string(),
  createdAt: instantOut,
  finishedAt: instantOut.nullable(),
});
export type BackfillDto = z.input<typeof backfillDto>;
