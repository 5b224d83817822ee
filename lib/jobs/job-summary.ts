import { sql } from "drizzle-orm";
import type { z } from "zod";
import { authorise } from "../auth/actor";
import type { Ctx } from "../ctx";
import type { TaskState, WaitReason } from "../db/schema/tasks";
import { parseInput } from "../field-errors";
import { getJobAndMeter } from "./internal";
import { jobIdInput } from "./schemas";
import { successByDay, successShare } from "./success";

/** What stands at the head of a job's page. */
export interface JobSummary {
  newestTask: {
    id: string;
    state: TaskState;
    waitReason: WaitReason | null;
    intervalStart: string;
    intervalEnd: string;
  } | null;
  /** Of the intervals of the last seven days that are finished, 0 to 1; null without any. */
  weekShare: number | null;
  /** Tasks that are not finished: what ending the job may cancel. */
  openTasks: number;
  hasTasks: boolean;
  backfills: { all: number; open: number };
}

export async function jobSummary(ctx: Ctx, input: z.input<typeof jobIdInput>, now = new Date()): Promise<JobSummary> {
  authorise(ctx.actor, "fleet:read");
  const { job } = await getJobAndMeter(ctx.db, parseInput(jobIdInput, input).jobId);
  authorise(ctx.actor, "fleet:read", job.meterId);
  const [[newest], [counts], week] = await Promise.all([
    ctx.db.execute<{
      id: string;
      state: TaskState;
      wait_reason: WaitReason | null;
      interval_start: string;
      interval_end: string;
    }>(sql`
      select id, state, wait_reason, interval_start, interval_end from meter_tasks
      where job_id = ${job.id} order by interval_start desc limit 1`),
    ctx.db.execute<{ open_tasks: number; backfills: number; open_backfills: number }>(sql`
      select
        (select count(*)::int from meter_tasks where job_id = ${job.id} and state in ('pending', 'queued', 'running', 'waiting'))
          as open_tasks,
        (select count(*)::int from backfills where job_id = ${job.id}) as backfills,
        (select count(*)::int from backfills where job_id = ${job.id} and status in ('running', 'paused')) as open_backfills`),
    successByDay(ctx.db, [job], now),
  ]);
  return {
    newestTask: newest
      ? {
          id: newest.id,
          state: newest.state,
          waitReason: newest.wait_reason,
          intervalStart: new Date(newest.interval_start).toISOString(),
          intervalEnd: new Date(newest.interval_end).toISOString(),
        }
      : null,
    weekShare: successShare(week.get(job.id) ?? []),
    openTasks: counts?.open_tasks ?? 0,
    hasTasks: newest !== undefined,
    backfills: { all: counts?.backfills ?? 0, open: counts?.open_backfills ?? 0 },
  };
}
