import { type SQL, sql } from "drizzle-orm";
import type { Db } from "../db/client";
import { expectedCalls } from "./expected-calls";
import type { BulkResult } from "./schemas";

/**
 * What a retry of `selected_tasks` would cost: calls, what is left of the quotas they are taken from, and stored readings that
 * may be replaced. `startStage` says where a task `t` would start. Calls are an upper bound: neighbours share one as far as the
 * vendor's longest range goes.
 */
export async function retryEffect(tx: Db, startStage: SQL, force: boolean): Promise<NonNullable<BulkResult["effect"]>> {
  const jobs = await tx.execute<{ id: string; interval: string; type: string; settings: Record<string, unknown> }>(sql`
    select distinct j.id, j.interval, m.type, m.settings
    from selected_tasks s join meter_tasks t on t.id = s.id
    join meter_jobs j on j.id = t.job_id join meters m on m.id = t.meter_id
    where j.type = 'etl' and m.data_source_type = 'API' and j.trigger = 'schedule' and s.is_affected`);
  const perCall = jobs.map(({ id, interval, ...meter }) => ({
    job_id: id,
    ...expectedCalls({ ...meter, dataSourceType: "API" }, interval),
  }));
  const [sums] = await tx.execute<{ calls: number }>(sql`
    with fetched as (
      select t.job_id, (lag(t.interval_end) over by_job) is distinct from t.interval_start as is_first, t.interval_start
      from selected_tasks s join meter_tasks t on t.id = s.id join meter_jobs j on j.id = t.job_id
      where s.is_affected and ${startStage} = 'collection' and (${force} or j.force_override or t.raw_object_ids = '{}')
      window by_job as (partition by t.job_id order by t.interval_start)
    ), numbered as (
      select job_id, sum(is_first::int) over (partition by job_id order by interval_start) as run from fetched
    ), runs as (
      select job_id, count(*) as intervals from numbered group by job_id, run
    )
    select coalesce(sum(ceil(r.intervals / p.intervals::numeric) * p.calls), 0)::int as calls
    from runs r join jsonb_to_recordset(${JSON.stringify(perCall)}::text::jsonb) as p(job_id uuid, intervals int, calls int)
      on p.job_id = r.job_id`);
  const [readings] = await tx.execute<{ readings: number }>(sql`
    select coalesce(sum(t.readings_present), 0)::int as readings
    from selected_tasks s join meter_tasks t on t.id = s.id where s.is_affected and t.type = 'etl'`);
  return {
    vendorCalls: sums?.calls ?? 0,
    quotas: await quotasOf(tx),
    readingsOverwritten: readings?.readings ?? 0,
  };
}

/** Of today and of the accounts concerned, the scarcest first. A window that has run out opens anew with the next call. */
async function quotasOf(tx: Db) {
  const rows = await tx.execute<{
    account: string;
    limit: number;
    used: number;
    reset_at: string;
    is_open: boolean;
  }>(sql`
    select min(m.type || ' ' || m.credential_hint) as account, q."limit", q.used, q.reset_at, q.reset_at > now() as is_open
    from source_quotas q join meters m on m.account_key = q.account_key
    where q."window" = 'day' and m.id in (select meter_id from selected_tasks where is_affected)
    group by q.account_key, q."limit", q.used, q.reset_at`);
  return rows
    .map((row) => ({
      account: row.account,
      limit: row.limit,
      left: Math.max(0, row.limit - (row.is_open ? row.used : 0)),
      resetAt: row.is_open ? new Date(row.reset_at) : null,
    }))
    .sort((a, b) => a.left - b.left);
}
