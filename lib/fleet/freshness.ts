import { type SQL, sql } from "drizzle-orm";
import { connectors } from "../connectors/registry";
import { nominalSeconds } from "../time";

/**
 * One row per meter (`meter_id, state, late_by_seconds, wait_until`) for every meter that is not archived.
 *
 * A meter is late when its newest reading ends earlier than now less: its source's lag, the job's delay, the job's
 * interval and a minute for the work itself. Of several ETL jobs the quickest counts.
 */
export function meterStatesSql(now: Date): SQL {
  const at = sql`${now.toISOString()}::timestamptz`;
  return sql`
    with lags(type, resolution_s, lag_s) as (values ${sql.join(connectorLags(), sql`, `)}),
    job_facts as (
      select j.meter_id,
        bool_or(j.status = 'active') as has_active,
        count(*) filter (where j.status = 'paused') > 0 as has_paused,
        min(extract(epoch from j.interval::interval) + j.delay_seconds) filter (where j.status = 'active') as allowance_s,
        min(j.anchor_at + j.interval::interval + make_interval(secs => j.delay_seconds)) filter (where j.status = 'active') as first_due,
        bool_or(j.status = 'active' and latest.state = 'failed') as is_failed
      from meter_jobs j
      left join lateral (
        select t.state from meter_tasks t
        where t.job_id = j.id and t.state in ('succeeded', 'failed')
        order by t.interval_start desc limit 1
      ) latest on true
      where j.type = 'etl'
      group by j.meter_id
    ),
    open_tasks as (
      select t.meter_id,
        min(t.wait_until) filter (where t.state = 'waiting' and t.wait_reason = 'quota') as quota_until,
        count(*) filter (where t.state in ('pending', 'queued', 'running') and t.priority = 2) as behind
      from meter_tasks t where t.state in ('pending', 'queued', 'running', 'waiting')
      group by t.meter_id
    ),
    facts as (
      select m.id as meter_id, f.has_active, f.has_paused, f.first_due, f.is_failed, m.data_source_type = 'UPLOAD' as is_upload, o.quota_until, coalesce(o.behind, 0) as behind,
        ${at} - (m.newest_reading_at + make_interval(secs => coalesce(l.resolution_s, 300)))
          - make_interval(secs => coalesce(l.lag_s, 0) + coalesce(f.allowance_s, 0) + 60) as late_by
      from meters m
      left join job_facts f on f.meter_id = m.id
      left join open_tasks o on o.meter_id = m.id
      left join lags l on l.type = m.type
      where m.archived_at is null
    )
    select meter_id, quota_until as wait_until,
      greatest(extract(epoch from late_by), 0)::float8 as late_by_seconds,
      case
        when is_upload then 'upload'
        when has_active is null then 'new'
        when not has_active and has_paused then 'paused'
        when not has_active then 'new'
        when is_failed then 'failed'
        when quota_until is not null then 'waiting'
        when behind > 0 then 'backfilling'
        when late_by is null and first_due > ${at} then 'new'
        when late_by is null or late_by > interval '0' then 'late'
        else 'fresh'
      end as state
    from facts`;
}

function connectorLags(): SQL[] {
  return connectors.map(
    ({ type, resolution, availabilityLag }) =>
      sql`(${type}::text, ${nominalSeconds(resolution)}::float8, ${nominalSeconds(availabilityLag)}::float8)`,
  );
}
