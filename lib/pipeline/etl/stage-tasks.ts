import { sql } from "drizzle-orm";
import type { Db } from "../../db/client";
import type { etlStages } from "../../db/schema";
import type { Batch } from "../worker";

export type EtlStage = (typeof etlStages)[number];

/** What a stage did with the tasks that stood at it. Rows are readings and rejects looked at, or rows merged. */
export interface StageCounts {
  tasks: number;
  succeeded: number;
  failed: number;
  rows: number;
}

/** A task of the batch with what its job says. Instants in epoch milliseconds. */
export interface StageTask {
  id: string;
  jobId: string;
  meterId: string;
  startAt: number;
  endAt: number;
  isForced: boolean;
  rawObjectIds: string[];
  transformedObjectId: string | null;
  rowsRead: number;
  rowsRejected: number;
  /** The bytes collected last time were of no use, so they must be asked for again. */
  needsNewBytes: boolean;
  /** True where an earlier attempt of this stage in this batch was cut off. */
  wasRunning: boolean;
  /** When the first of the collections began that failed in a row just before this one; null where none did. Epoch milliseconds. */
  failingSince: number | null;
  job: StageJob;
}

export interface StageJob {
  interval: string;
  timezone: string;
  anchorAt: number;
  rereadIntervals: number;
  forceOverride: boolean;
  /** Its tasks are made of files that people uploaded: their raw objects are there from the beginning, and no source is asked. */
  isUpload: boolean;
}

const FAILED_COLLECTION = sql`'{"stage":"collection","outcome":"failed"}'::jsonb`;

/** The tasks of the batch that stand at the stage, now `running`, by meter and start. */
export async function takeTasksAt(db: Db, batch: Batch, stage: EtlStage): Promise<StageTask[]> {
  // Rows are locked in id order by every statement of the stages, so that two batches never wait for each other.
  const rows = await db.execute<Record<string, unknown>>(sql`
    with standing as materialized (
      select id, state from meter_tasks
      where batch_id = ${batch.batchId} and stage = ${stage} and state in ('queued', 'running')
      order by id for update
    ), started as (
      update meter_tasks t set state = 'running', started_at = coalesce(t.started_at, now()), updated_at = now()
      from standing s where t.id = s.id and s.state = 'queued'
    )
    select t.id, t.job_id, t.meter_id, t.is_forced, t.raw_object_ids::text[] as raw_object_ids, t.transformed_object_id,
      t.rows_read, t.rows_rejected, s.state = 'running' as was_running,
      (extract(epoch from t.interval_start) * 1000)::float8 as start_at,
      (extract(epoch from t.interval_end) * 1000)::float8 as end_at,
      -- The last thing that happened to its bytes, but for calls that failed since.
      t.execution_errs <> '[]' and coalesce(jsonb_path_query_array(t.timings,
        '$[*] ? (!(@.stage == "collection" && @.outcome == "failed"))') -> -1
        @> '{"stage":"transformation","outcome":"failed"}', false) as needs_new_bytes,
      case when t.timings -> -1 @> ${FAILED_COLLECTION} then (
        select (extract(epoch from min((e ->> 'startedAt')::timestamptz)) * 1000)::float8
        from jsonb_array_elements(t.timings) with ordinality as entry(e, n)
        where n > coalesce((
          select max(m) from jsonb_array_elements(t.timings) with ordinality as other(o, m) where not o @> ${FAILED_COLLECTION}
        ), 0)) end as failing_since
    from standing s join meter_tasks t on t.id = s.id
    order by t.meter_id, t.interval_start, t.id`);
  const jobs = await jobsOf(db, [...new Set(rows.map((row) => String(row.job_id)))]);
  return rows.map((row) => {
    const job = jobs.get(String(row.job_id));
    if (!job) throw new Error(`Task ${row.id} has no job.`);
    return {
      id: String(row.id),
      jobId: String(row.job_id),
      meterId: String(row.meter_id),
      startAt: Number(row.start_at),
      endAt: Number(row.end_at),
      isForced: row.is_forced === true,
      rawObjectIds: row.raw_object_ids as string[],
      transformedObjectId: row.transformed_object_id as string | null,
      rowsRead: Number(row.rows_read),
      rowsRejected: Number(row.rows_rejected),
      needsNewBytes: row.needs_new_bytes === true,
      wasRunning: row.was_running === true,
      failingSince: row.failing_since as number | null,
      job,
    };
  });
}

async function jobsOf(db: Db, ids: string[]): Promise<Map<string, StageJob>> {
  if (ids.length === 0) return new Map();
  const rows = await db.execute<Record<string, unknown>>(sql`
    select id, interval, timezone, reread_intervals, force_override, trigger,
      (extract(epoch from anchor_at) * 1000)::float8 as anchor_at
    from meter_jobs where id in ${ids}`);
  return new Map(
    rows.map((row) => [
      String(row.id),
      {
        interval: String(row.interval),
        timezone: String(row.timezone),
        anchorAt: Number(row.anchor_at),
        rereadIntervals: Number(row.reread_intervals),
        forceOverride: row.force_override === true,
        isUpload: row.trigger === "upload",
      },
    ]),
  );
}
