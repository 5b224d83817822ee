import { sql } from "drizzle-orm";
import { boolean, index, integer, jsonb, pgTable, smallint, text, unique, uuid } from "drizzle-orm/pg-core";
import type { VendorAnswer } from "../../connectors/source-error";
import type { StoredReject } from "../../tasks/record-attempt";
import { createdAt, id, instant, updatedAt } from "./columns";
import { backfills, type jobTypes, meterJobs } from "./jobs";
import { meters } from "./meters";

export const etlStages = ["collection", "transformation", "ingestion"] as const;
export const mrvStages = ["extraction", "verification", "submission"] as const;
export const taskStates = ["pending", "queued", "running", "waiting", "succeeded", "failed", "cancelled"] as const;
export const waitReasons = ["retry", "quota", "data", "review"] as const;

export type Stage = (typeof etlStages)[number] | (typeof mrvStages)[number];
export type TaskState = (typeof taskStates)[number];
export type WaitReason = (typeof waitReasons)[number];

/** One attempt that did not succeed. */
export interface ExecutionErr {
  stage: Stage;
  /** 1 for the first attempt at this stage. */
  attempt: number;
  startedAt: string;
  at: string;
  code: string;
  message: string;
  isRetryable: boolean;
  /** What followed: a wait until this instant, or nothing (failed). */
  waitReason?: WaitReason;
  waitUntil?: string;
  answer?: VendorAnswer;
}

/** Worked time of a stage: one entry per attempt that succeeded, was cut, or failed. */
export interface StageTiming {
  stage: Stage;
  startedAt: string;
  endedAt: string;
  outcome: "succeeded" | "failed";
}

export const taskBatches = pgTable(
  "task_batches",
  {
    /** Also the id of the event that starts the run, so that a re-sent event starts nothing twice. */
    id: id(),
    /** Which function runs it: a batch's tasks are all of one type. */
    type: text("type").$type<(typeof jobTypes)[number]>().notNull().default("etl"),
    accountKey: text("account_key").notNull(),
    meterType: text("meter_type").notNull(),
    taskCount: integer("task_count").notNull(),
    /** Catching up and backfills have places of their own, so that live work never queues behind them. */
    isBackfill: boolean("is_backfill").notNull().default(false),
    runId: text("run_id"),
    sentAt: instant("sent_at"),
    /** Raised by every stage; a batch that is silent too long is taken back by the reconciler. */
    heartbeatAt: instant("heartbeat_at").notNull().defaultNow(),
    finishedAt: instant("finished_at"),
    createdAt: createdAt(),
  },
  (table) => [
    index("task_batches_open_idx").on(table.accountKey, table.createdAt).where(sql`${table.finishedAt} is null`),
  ],
);

export const meterTasks = pgTable(
  "meter_tasks",
  {
    id: id(),
    jobId: uuid("job_id")
      .notNull()
      .references(() => meterJobs.id),
    meterId: uuid("meter_id")
      .notNull()
      .references(() => meters.id),
    type: text("type").$type<(typeof jobTypes)[number]>().notNull(),
    intervalStart: instant("interval_start").notNull(),
    intervalEnd: instant("interval_end").notNull(),
    dueAt: instant("due_at").notNull(),
    stage: text("stage").$type<Stage>().notNull(),
    state: text("state").$type<TaskState>().notNull().default("pending"),
    waitReason: text("wait_reason").$type<WaitReason>(),
    waitUntil: instant("wait_until"),
    /** Retries spent; waits for quota or data spend none. */
    retryCount: integer("retry_count").notNull().default(0),
    executionErrs: jsonb("execution_errs").$type<ExecutionErr[]>().notNull().default([]),
    timings: jsonb("timings").$type<StageTiming[]>().notNull().default([]),
    /** 0 live, 1 asked for by a person, 2 catching up or backfill. */
    priority: smallint("priority").notNull().default(0),
    /** Ask the source again whatever the job says; set by a forced retry or backfill. */
    isForced: boolean("is_forced").notNull().default(false),
    forcedBy: text("forced_by"),
    backfillId: uuid("backfill_id").references(() => backfills.id),
    batchId: uuid("batch_id").references(() => taskBatches.id),
    rawObjectIds: uuid("raw_object_ids").array().notNull().default(sql`'{}'::uuid[]`),
    transformedObjectId: uuid("transformed_object_id"),
    rowsRead: integer("rows_read").notNull().default(0),
    rowsWritten: integer("rows_written").notNull().default(0),
    rowsChanged: integer("rows_changed").notNull().default(0),
    rowsRejected: integer("rows_rejected").notNull().default(0),
    /** The first hundred. */
    rejects: jsonb("rejects").$type<StoredReject[]>().notNull().default([]),
    readingsExpected: integer("readings_expected").notNull().default(0),
    /** Readings in `meter_data` inside the interval; kept by every ingestion that touches it. */
    readingsPresent: integer("readings_present").notNull().default(0),
    queuedAt: instant("queued_at"),
    startedAt: instant("started_at"),
    finishedAt: instant("finished_at"),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
  (table) => [
    unique("meter_tasks_job_interval_key").on(table.jobId, table.intervalStart),
    index("meter_tasks_meter_interval_idx").on(table.meterId, table.intervalStart),
    index("meter_tasks_sendable_idx").on(table.priority, table.dueAt, table.id).where(sql`${table.state} = 'pending'`),
    index("meter_tasks_job_pending_idx")
      .on(table.jobId, table.priority, table.intervalStart)
      .where(sql`${table.state} = 'pending'`),
    // Few among very many: without it the next batch of records would be looked for among all intervals that are to be collected.
    index("meter_tasks_mrv_pending_idx")
      .on(table.priority, table.dueAt, table.id)
      .where(sql`${table.state} = 'pending' and ${table.type} = 'mrv'`),
    index("meter_tasks_waiting_idx").on(table.waitUntil).where(sql`${table.state} = 'waiting'`),
    index("meter_tasks_interval_idx").on(table.intervalStart, table.id),
    index("meter_tasks_state_interval_idx").on(table.state, table.intervalStart, table.id),
    index("meter_tasks_state_idx").on(table.state, table.updatedAt),
    index("meter_tasks_batch_idx").on(table.batchId),
    index("meter_tasks_backfill_idx").on(table.backfillId),
  ],
);
