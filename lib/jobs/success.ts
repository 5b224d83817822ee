import { sql } from "drizzle-orm";
import type { Db } from "../db/client";
import { addDuration, civilDate, startOfDay } from "../time";

const DAYS = 7;

/** Tasks of one civil day of a job that came to an end, by when their intervals ended. */
export interface DaySuccess {
  /** `2026-11-23`, in the job's zone. */
  day: string;
  succeeded: number;
  failed: number;
}

/** The last seven days, today included, oldest first; days without finished tasks are there with zeros. */
export async function successByDay(
  db: Db,
  jobs: readonly { id: string; timezone: string }[],
  now: Date,
): Promise<Map<string, DaySuccess[]>> {
  if (jobs.length === 0) return new Map();
  const since = new Date(now.getTime() - (DAYS + 1) * 86_400_000).toISOString();
  // An interval belongs to the day of its last second; the bound on its start keeps the search in the index of the job.
  const rows = await db.execute<{ job_id: string; day: string; succeeded: number; failed: number }>(sql`
    select j.id as job_id, x.day, x.succeeded, x.failed from meter_jobs j cross join lateral (
      select ((t.interval_end - interval '1 second') at time zone j.timezone)::date::text as day,
        count(*) filter (where t.state = 'succeeded')::int as succeeded, count(*) filter (where t.state = 'failed')::int as failed
      from meter_tasks t
      where t.job_id = j.id and t.interval_start > ${since}::timestamptz - j.interval::interval and t.state in ('succeeded', 'failed')
      group by 1
    ) x where j.id = any(${`{${jobs.map(({ id }) => id).join(",")}}`}::uuid[])`);
  const byDay = new Map(rows.map((row) => [`${row.job_id} ${row.day}`, row]));
  return new Map(
    jobs.map(({ id, timezone }) => [
      id,
      lastDays(now, timezone).map((day) => {
        const row = byDay.get(`${id} ${day}`);
        return { day, succeeded: row?.succeeded ?? 0, failed: row?.failed ?? 0 };
      }),
    ]),
  );
}

/** Succeeded over finished, 0 to 1; null where nothing finished. */
export function successShare(days: readonly Pick<DaySuccess, "succeeded" | "failed">[]): number | null {
  const succeeded = days.reduce((sum, day) => sum + day.succeeded, 0);
  const finished = days.reduce((sum, day) => sum + day.succeeded + day.failed, 0);
  return finished > 0 ? succeeded / finished : null;
}

function lastDays(now: Date, timezone: string): string[] {
  const today = startOfDay(now, timezone);
  return Array.from({ length: DAYS }, (_, index) =>
    civilDate(addDuration(today, `-P${DAYS - 1 - index}D`, timezone), timezone),
  );
}
