import { sql } from "drizzle-orm";
import { boolean, index, integer, jsonb, pgTable, text, uniqueIndex, uuid } from "drizzle-orm/pg-core";
import { createdAt, id, instant, updatedAt } from "./columns";
import { meters } from "./meters";

export const jobTypes = ["etl", "mrv"] as const;
export type JobType = (typeof jobTypes)[number];
export const jobStatuses = ["active", "paused", "ended"] as const;
export const jobTriggers = ["schedule", "upload"] as const;

export const meterJobs = pgTable(
  "meter_jobs",
  {
    id: id(),
    name: text("name").notNull(),
    meterId: uuid("meter_id")
      .notNull()
      .references(() => meters.id),
    type: text("type").$type<JobType>().notNull(),
    /**
     * What makes its tasks: the clock, or files that people upload. A meter has one job of the latter kind, which is `ended` from the
     * beginning: nothing is ever due in it.
     */
    trigger: text("trigger").$type<(typeof jobTriggers)[number]>().notNull().default("schedule"),
    /** As asked for. Intervals start at `anchorAt`, the start of the interval that holds it. */
    startAt: instant("start_at").notNull(),
    endAt: instant("end_at"),
    anchorAt: instant("anchor_at").notNull(),
    /** ISO 8601 duration; days and months are civil ones in `timezone`. */
    interval: text("interval").notNull(),
    timezone: text("timezone").notNull(),
    /** How long after an interval's end it is collected. Whole minutes. */
    delaySeconds: integer("delay_seconds").notNull(),
    rereadIntervals: integer("reread_intervals").notNull(),
    /** True: ask the source even if archived bytes cover the interval. */
    forceOverride: boolean("force_override").notNull().default(true),
    maxRetries: integer("max_retries").notNull().default(5),
    settings: jsonb("settings").$type<Record<string, unknown>>().notNull().default({}),
    status: text("status").$type<(typeof jobStatuses)[number]>().notNull().default("active"),
    pauseReason: text("pause_reason"),
    /** Start of the first interval that has no task yet. */
    nextIntervalAt: instant("next_interval_at").notNull(),
    latestTaskId: uuid("latest_task_id"),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
  (table) => [
    index("meter_jobs_meter_idx").on(table.meterId),
    uniqueIndex("meter_jobs_upload_key").on(table.meterId).where(sql`${table.trigger} = 'upload'`),
    index("meter_jobs_status_idx").on(table.status, table.nextIntervalAt),
  ],
);

export const backfillModes = ["missing", "failed", "incomplete", "all"] as const;

/** One order to work through a range of a job again. Its tasks point to it, so progress is a count. */
export const backfills = pgTable(
  "backfills",
  {
    id: id(),
    jobId: uuid("job_id")
      .notNull()
      .references(() => meterJobs.id),
    fromAt: instant("from_at").notNull(),
    toAt: instant("to_at").notNull(),
    mode: text("mode").$type<(typeof backfillModes)[number]>().notNull(),
    isForced: boolean("is_forced").notNull(),
    taskCount: integer("task_count").notNull(),
    status: text("status").$type<"running" | "paused" | "stopped" | "done">().notNull().default("running"),
    createdBy: text("created_by").notNull(),
    createdAt: createdAt(),
    finishedAt: instant("finished_at"),
  },
  (table) => [index("backfills_job_idx").on(table.jobId, table.createdAt)],
);
