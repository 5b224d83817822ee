import type { TaskState, WaitReason } from "../db/schema/tasks";
import type { DaySuccess } from "./success";

/** Shapes of the jobs page, free of the database: the table in the browser reads them, too. */

export interface JobListRow {
  id: string;
  name: string;
  meterId: string;
  meterName: string;
  meterType: string;
  timezone: string;
  type: "etl" | "mrv";
  interval: string;
  status: "active" | "paused" | "ended";
  trigger: "schedule" | "upload";
  pauseReason: string | null;
  nextDueAt: string | null;
  newestTask: {
    id: string;
    state: TaskState;
    waitReason: WaitReason | null;
    intervalStart: string;
    intervalEnd: string;
  } | null;
  /** Tasks not finished yet, and failed ones. */
  open: number;
  failed: number;
  /** Of the newest backfill that is not over. */
  backfill: "running" | "paused" | null;
  /** The last seven days, oldest first. */
  week: DaySuccess[];
  /** Of the intervals of the week that are finished, 0 to 1; null without any. */
  weekShare: number | null;
}

export const jobSorts = ["job", "interval", "status", "due", "newest", "failed"] as const;
type JobSort = (typeof jobSorts)[number];

export interface JobFilter {
  /** In the job's name, the meter's name or its id at the source. */
  search?: string;
  status?: string | null;
  type?: string | null;
  meterType?: string | null;
  onlyFailed?: boolean;
  sort?: JobSort;
  descending?: boolean;
  page?: number;
}

export interface JobList {
  rows: JobListRow[];
  total: number;
  /** Of all jobs, whatever is filtered. */
  counts: { active: number; paused: number; ended: number };
  meterTypes: string[];
  types: ("etl" | "mrv")[];
}

export const jobPageSize = 50;
