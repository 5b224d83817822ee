import { z } from "zod";
import { jobStatuses, jobTriggers, jobTypes } from "../db/schema/jobs";
import { pageQuery } from "../http/cursor";
import { instant, instantOut } from "../http/fields";
import { mrvSettings } from "../mrv/settings";
import { isTimezone, nominalSeconds } from "../time";
import { jobIntervals } from "./intervals";

const LONGEST_DELAY_SECONDS = 31 * 86_400;
const EARLIEST_START = Date.UTC(2000, 0, 1);

function isDelay(text: string): boolean {
  try {
    const seconds = nominalSeconds(text);
    return seconds >= 0 && seconds <= LONGEST_DELAY_SECONDS && seconds % 60 === 0;
  } catch {
    return false;
  }
}

const name = z.string().trim().min(1).max(120).meta({ title: "Name" });
const startAt = instant
  .refine((at) => at.getTime() >= EARLIEST_START, "This must be after the year 2000.")
  .meta({ title: "Start", description: "The first interval is the one that holds it." });
const endAt = instant.nullable().meta({ title: "End", description: "Empty: the job goes on." });
const interval = z
  .enum(jobIntervals, { error: `This must be one of ${jobIntervals.join(", ")}.` })
  .meta({ title: "Interval", description: "What one task covers. Days and months follow the time zone." });
const timezone = z
  .string()
  .trim()
  .refine(isTimezone, "An IANA time zone such as Australia/Sydney is needed.")
  .meta({ title: "Time zone", description: "Days and months start at its midnight. Default: the meter's." });
const delay = z
  .string()
  .trim()
  .refine(isDelay, "A duration of whole minutes up to 31 days is needed, such as PT10M.")
  .meta({
    title: "Delay",
    description: "How long after an interval's end it is collected. Default: the meter type's.",
  });
const rereadIntervals = z.number().int().min(0).max(1000).meta({
  title: "Intervals to read again",
  description: "Trailing ones, for data that arrives late. Of ETL jobs: without effect in others.",
});
const forceOverride = z.boolean().meta({
  title: "Always ask the source",
  description: "Off: archived bytes that cover an interval are used instead. Of ETL jobs: without effect in others.",
});
const maxRetries = z.number().int().min(0).max(20).meta({ title: "Retries" });
const settings = z.record(z.string(), z.unknown()).meta({
  title: "Settings",
  description: `Of MRV jobs: ${Object.entries(mrvSettings.shape)
    .map(([setting, schema]) => `${setting} (${schema.meta()?.title})`)
    .join(", ")}. ETL jobs have none.`,
});

export const createJobInput = z.strictObject({
  name: name.optional(),
  meterId: z.uuid(),
  type: z.enum(jobTypes).default("etl"),
  startAt,
  endAt: endAt.optional(),
  /** Left out: the meter type's default task interval, or a day of an MRV job. */
  interval: interval.optional(),
  timezone: timezone.optional(),
  delay: delay.optional(),
  rereadIntervals: rereadIntervals.default(1),
  forceOverride: forceOverride.default(true),
  maxRetries: maxRetries.default(5),
  settings: settings.default({}),
});

/** What is left out is kept. */
export const jobChanges = z.strictObject({
  name: name.optional(),
  startAt: startAt.optional(),
  endAt: endAt.optional(),
  interval: interval.optional(),
  timezone: timezone.optional(),
  delay: delay.optional(),
  rereadIntervals: rereadIntervals.optional(),
  forceOverride: forceOverride.optional(),
  maxRetries: maxRetries.optional(),
  settings: settings.optional(),
});
export const updateJobInput = jobChanges.extend({ jobId: z.uuid() });

export const jobIdInput = z.strictObject({ jobId: z.uuid() });
export const pauseJobInput = z.strictObject({ jobId: z.uuid(), reason: z.string().trim().max(500).optional() });
export const endJobInput = z.strictObject({
  jobId: z.uuid(),
  cancelTasks: z
    .boolean()
    .default(false)
    .meta({ description: "Also cancel its tasks that are not finished; otherwise they finish." }),
});

export const listJobsQuery = z.object({
  ...pageQuery,
  meterId: z.uuid().optional(),
  status: z.array(z.enum(jobStatuses)).optional(),
  type: z.enum(jobTypes).optional(),
  search: z.string().trim().max(120).optional().meta({ description: "Part of the job's or the meter's name." }),
});

export const jobDto = z.object({
  id: z.uuid(),
  name: z.string(),
  meterId: z.uuid(),
  meterName: z.string(),
  type: z.enum(jobTypes),
  trigger: z.enum(jobTriggers).meta({ description: "What makes its tasks: the clock, or files that people upload." }),
  startAt: instantOut,
  endAt: instantOut.nullable(),
  interval: z.string().meta({ description: "ISO 8601 duration." }),
  timezone: z.string(),
  delay: z.string().meta({ description: "ISO 8601 duration." }),
  rereadIntervals: z.number().int(),
  forceOverride: z.boolean(),
  maxRetries: z.number().int(),
  settings: z.record(z.string(), z.unknown()),
  status: z.enum(jobStatuses),
  pauseReason: z.string().nullable(),
  nextIntervalAt: instantOut.meta({ description: "Start of the first interval without a task." }),
  nextDueAt: instantOut.nullable().meta({ description: "When its task is made; null unless the job is active." }),
  latestTaskId: z.uuid().nullable(),
  createdAt: instantOut,
  updatedAt: instantOut,
});
export type JobDto = z.input<typeof jobDto>;
