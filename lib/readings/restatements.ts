import { sql } from "drizzle-orm";
import { authorise } from "../auth/actor";
import type { Ctx } from "../ctx";

/** What one later collection changed of a meter. */
export interface Restatement {
  taskId: string;
  at: string;
  /** From the first to the end of the last reading it changed; others may lie between. */
  from: string;
  to: string;
  readings: number;
  /** kWh of these readings before and after; null where there was no energy to compare. */
  beforeKwh: number | null;
  afterKwh: number | null;
}

/** The newest restatements of a meter, one a task that made some. After: the next revision, or the reading as it is. */
export async function recentRestatements(ctx: Ctx, meterId: string, most = 5): Promise<Restatement[]> {
  authorise(ctx.actor, "fleet:read", meterId);
  const rows = await ctx.db.execute<{
    task_id: string;
    at: string;
    from: string;
    to: string;
    readings: number;
    before: string | null;
    after: string | null;
  }>(sql`
    with changes as (
      select r.replaced_by_task_id, r.replaced_at, r.timestamp, r.duration_seconds,
        coalesce(r.e_real_kwh, r.pv_estimate_kwh) as before,
        coalesce(
          lead(coalesce(r.e_real_kwh, r.pv_estimate_kwh)) over (partition by r.timestamp order by r.revision),
          coalesce(d.e_real_kwh, d.pv_estimate_kwh)
        ) as after
      from meter_data_revisions r
      left join meter_data d on d.meter_id = r.meter_id and d.timestamp = r.timestamp
      where r.meter_id = ${meterId}::uuid
    )
    select replaced_by_task_id as task_id, max(replaced_at) as at, min(timestamp) as "from",
      max(timestamp + make_interval(secs => duration_seconds)) as "to", count(*)::int as readings,
      sum(before)::text as before, sum(after)::text as after
    from changes group by 1 order by 2 desc, 1 limit ${most}`);
  return rows.map((row) => ({
    taskId: row.task_id,
    at: new Date(row.at).toISOString(),
    from: new Date(row.from).toISOString(),
    to: new Date(row.to).toISOString(),
    readings: row.readings,
    beforeKwh: row.before === null ? null : Number(row.before),
    afterKwh: row.after === null ? null : Number(row.after),
  }));
}
