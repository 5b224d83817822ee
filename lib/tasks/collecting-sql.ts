import { type SQL, sql } from "drizzle-orm";

/**
 * `from … where …` of the ETL tasks `e`, with their jobs `j`, that are not finished and overlap the period `[from, to)` of a meter. Failed and
 * cancelled ones are finished: nothing is to be waited for.
 */
// By the jobs' own index, from one interval before the period: by meter alone every interval of it would be looked at.
export function collectingSql({ meterId, from, to }: { meterId: SQL; from: SQL; to: SQL }): SQL {
  return sql`from meter_jobs j join meter_tasks e on e.job_id = j.id
    where j.meter_id = ${meterId} and j.type = 'etl' and e.state in ('pending', 'queued', 'running', 'waiting')
      and e.interval_start < ${to} and e.interval_end > ${from}
      and e.interval_start > ${from} - j.interval::interval - interval '3 hours'`;
}
