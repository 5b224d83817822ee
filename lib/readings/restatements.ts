import { sql } from "drizzle-orm";
import { authorise } from "../auth/actor";
import type { Ctx } from "../ctx";

/** What one later collection, or one recompute of carbon, changed of a meter. */
export interface Restatement {
  /** The task that brought other readings; null: a recompute. */
  taskId: string | null;
  /** The recompute after a change of emission factors; null: a task. */
  recomputeId: string | null;
  at: string;
  /** From the first to the end of the last reading it changed; others may lie between. */
  from: string;
  to: string;
  readings: number;
  /** kWh of these readings before and after; null where there was no energy to compare. */
  beforeKwh: number | null;
  afterKwh: number | null;
  /** Tonnes CO2-e of these readings. */
  beforeTons: number | null;
  afterTons: number | null;
}

/** The newest restatements of a meter, one for each cause. After: the next revision, or the reading as it is. */
export async function recentRestatements(ctx: Ctx, meterId: string, most = 5): Promise<Restatement[]> {
  authorise(ctx.actor, "fleet:read", meterId);
  const rows = await ctx.db.execute<{
    task_id: string | null;
    recompute_id: string | null;
    at: string;
    from: string;
    to: string;
    readings: number;
    before: string | null;
    after: string | null;
    before_tons: string | null;
    after_tons: string | null;
  }>(sql`
    with changes as (
      select r.replaced_by_task_id, r.replaced_by_recompute_id, r.replaced_at, r.timestamp, r.duration_seconds,
        coalesce(r.e_real_kwh, r.pv_estimate_kwh) as before,
        coalesce(
          lead(coalesce(r.e_real_kwh, r.pv_estimate_kwh)) over (partition by r.timestamp order by r.revision),
          coalesce(d.e_real_kwh, d.pv_estimate_kwh)
        ) as after,
        r.carbon_tons as before_tons,
        case when lead(r.revision) over (partition by r.timestamp order by r.revision) is null then d.carbon_tons
          else lead(r.carbon_tons) over (partition by r.timestamp order by r.revision) end as after_tons
      from meter_data_revisions r
      left join meter_data d on d.meter_id = r.meter_id and d.timestamp = r.timestamp
      where r.meter_id = ${meterId}::uuid
    )
    select replaced_by_task_id as task_id, replaced_by_recompute_id as recompute_id, max(replaced_at) as at, min(timestamp) as "from",
      max(timestamp + make_interval(secs => duration_seconds)) as "to", count(*)::int as readings,
      sum(before)::text as before, sum(after)::text as after, sum(before_tons)::text as before_tons,
      sum(after_tons)::text as after_tons
    from changes group by 1, 2
    -- Tasks of one backfill end within moments of each other, in any order.
    order by date_trunc('minute', max(replaced_at)) desc, min(timestamp) desc, 1, 2 limit ${most}`);
  return rows.map((row) => ({
    taskId: row.task_id,
    recomputeId: row.recompute_id,
    at: new Date(row.at).toISOString(),
    from: new Date(row.from).toISOString(),
    to: new Date(row.to).toISOString(),
    readings: row.readings,
    beforeKwh: row.before === null ? null : Number(row.before),
    afterKwh: row.after === null ? null : Number(row.after),
    beforeTons: row.before_tons === null ? null : Number(row.before_tons),
    afterTons: row.after_tons === null ? null : Number(row.after_tons),
  }));
}
