import { sql } from "drizzle-orm";
import type { Ctx } from "../ctx";
import type { TaskState, WaitReason } from "../db/schema/tasks";
import { dueAfterSql } from "../jobs/off-the-quarter";
import { addDuration, civilDate, startOfDay } from "../time";

export interface MeterJobRow {
  id: string;
  name: string;
  type: "etl" | "mrv";
  interval: string;
  status: "active" | "paused" | "ended";
  trigger: "schedule" | "upload";
  newestTask: {
    id: string;
    intervalStart: string;
    intervalEnd: string;
    state: TaskState;
    waitReason: WaitReason | null;
  } | null;
  nextDueAt: string | null;
  /** Of tasks of the last 30 days: readings present over expected by civil day, oldest first; null: none were expected. */
  strip: { day: string; coverage: number | null }[];
  /** The same over all these days; null where nothing was expected. */
  coverage: number | null;
}

const DAYS = 30;

/** The jobs of one meter, active ones first. The caller has authorised. */
export async function meterJobRows(ctx: Ctx, meterId: string, timezone: string, now: Date): Promise<MeterJobRow[]> {
  const today = startOfDay(now, timezone);
  const days = Array.from({ length: DAYS }, (_, index) => addDuration(today, `-P${DAYS - 1 - index}D`, timezone));
  const [rows, byDay] = await Promise.all([
    ctx.db.execute<{
      id: string;
      name: string;
      type: "etl" | "mrv";
      interval: string;
      status: "active" | "paused" | "ended";
      trigger: "schedule" | "upload";
      next_due_at: string | null;
      task_id: string | null;
      interval_start: string;
      interval_end: string;
      task_state: TaskState;
      wait_reason: WaitReason | null;
    }>(sql`
      select j.id, j.name, j.type, j.interval, j.status, j.trigger,
        case when j.status = 'active' then ${dueAfterSql(sql`(j.next_interval_at + j.interval::interval)`, {
          delaySeconds: sql`j.delay_seconds`,
          meterId: sql`m.id`,
          meterType: sql`m.type`,
        })} end as next_due_at,
        t.id as task_id, t.interval_start, t.interval_end, t.state as task_state, t.wait_reason
      from meter_jobs j join meters m on m.id = j.meter_id left join meter_tasks t on t.id = j.latest_task_id
      where j.meter_id = ${meterId}::uuid
      order by j.status, j.created_at`),
    ctx.db.execute<{ job_id: string; day: string; present: number; expected: number }>(sql`
      select job_id, (interval_start at time zone ${timezone}::text)::date::text as day,
        sum(least(readings_present, readings_expected))::int as present, sum(readings_expected)::int as expected
      from meter_tasks
      where meter_id = ${meterId}::uuid and interval_start >= ${(days[0] ?? today).toISOString()}::timestamptz
        and state <> 'cancelled'
      group by 1, 2`),
  ]);
  const found = new Map(byDay.map((row) => [`${row.job_id} ${row.day}`, row]));
  return rows.map((row) => {
    const ofJob = days.map((at) => {
      const day = civilDate(at, timezone);
      return { day, counts: found.get(`${row.id} ${day}`) };
    });
    const expected = ofJob.reduce((sum, { counts }) => sum + (counts?.expected ?? 0), 0);
    const present = ofJob.reduce((sum, { counts }) => sum + (counts?.present ?? 0), 0);
    return {
      id: row.id,
      name: row.name,
      type: row.type,
      interval: row.interval,
      status: row.status,
      trigger: row.trigger,
      newestTask: row.task_id
        ? {
            id: row.task_id,
            intervalStart: new Date(row.interval_start).toISOString(),
            intervalEnd: new Date(row.interval_end).toISOString(),
            state: row.task_state,
            waitReason: row.wait_reason,
          }
        : null,
      nextDueAt: row.next_due_at ? new Date(row.next_due_at).toISOString() : null,
      strip: ofJob.map(({ day, counts }) => ({
        day,
        coverage: counts && counts.expected > 0 ? counts.present / counts.expected : null,
      })),
      coverage: expected > 0 ? present / expected : null,
    };
  });
}
