import { sql } from "drizzle-orm";
import type { Db } from "../../db/client";
import type { MetricName } from "../../metrics/registry";
import type { EarlierRecord, OverlappingRecord } from "../../pipeline/mrv/checks/check";
import type { RecordStatus } from "../statuses";
import type { RecordToCheck } from "./record-to-check";

/** What a new record is compared with: a week of days is enough to be usual. */
const COMPARED_RECORDS = 7;

function askedSql(records: readonly RecordToCheck[]) {
  const rows = records.map((record) => ({
    id: record.id,
    task_id: record.taskId,
    meter_id: record.meterId,
    device_id: record.deviceId,
    did: record.did,
    policy_id: record.policyId,
    metric: record.evidence.figures.metric,
    from_at: record.from.toISOString(),
    to_at: record.to.toISOString(),
  }));
  return sql`json_to_recordset(${JSON.stringify(rows)}::text::json) as a(id uuid, task_id uuid, meter_id uuid, device_id uuid, did text,
    policy_id text, metric text, from_at timestamptz, to_at timestamptz)`;
}

/**
 * By record: the newest live ones of its meter and metric that ended before it, of periods about as long. A correction stands for what it
 * corrects.
 */
export async function earlierRecordsOf(
  db: Db,
  records: readonly RecordToCheck[],
): Promise<Map<string, EarlierRecord[]>> {
  const rows = await db.execute<{ id: string; value: number; from_at: number; to_at: number }>(sql`
    select a.id, e.value, e.from_at, e.to_at from ${askedSql(records)} cross join lateral (
      select * from (
        select distinct on (r.period_start) r.value::float8 as value, extract(epoch from r.period_start)::float8 as from_at,
          extract(epoch from r.period_end)::float8 as to_at, r.period_start
        from mrv_records r
        where r.meter_id = a.meter_id and r.metric = a.metric and r.period_end <= a.from_at
          -- Some are found among these even where each was corrected.
          and r.period_start >= a.from_at - ${COMPARED_RECORDS * 4}::int * (a.to_at - a.from_at)
          and r.value is not null and r.status <> 'rejected' and r.replaced_at is null
          and (r.period_end - r.period_start) between 0.8 * (a.to_at - a.from_at) and 1.25 * (a.to_at - a.from_at)
        order by r.period_start desc, r.correction desc
      ) newest limit ${COMPARED_RECORDS}
    ) e`);
  const found = new Map<string, EarlierRecord[]>();
  for (const { id, value, from_at, to_at } of rows) {
    const all = found.get(id);
    const earlier = { value, from: from_at, to: to_at };
    if (all) all.push(earlier);
    else found.set(id, [earlier]);
  }
  return found;
}

interface OverlapRow extends Record<string, unknown> {
  asked: string;
  id: string;
  metric: MetricName;
  status: RecordStatus;
  meter: string;
  device: string;
  job: string;
  from_at: number;
  to_at: number;
  is_same_meter: boolean;
}

/** By record: other tasks' live ones of its meter or its device over a part of its period. */
export async function overlappingRecords(
  db: Db,
  records: readonly RecordToCheck[],
): Promise<Map<string, OverlappingRecord[]>> {
  const shape = sql`r.status <> 'rejected' and r.replaced_at is null and r.task_id <> a.task_id
    and tstzrange(r.period_start, r.period_end) && tstzrange(a.from_at, a.to_at)`;
  // Each by the index of its exclusion constraint; the metric is left open, so the device's and the meter's column lead.
  const rows = await db.execute<OverlapRow>(sql`
    with found as (
      select a.id as asked, r.id from ${askedSql(records)} join mrv_records r on r.meter_id = a.meter_id and ${shape}
      union
      select a.id, r.id from ${askedSql(records)} join mrv_records r on r.did = a.did and r.policy_id = a.policy_id and ${shape}
    )
    select f.asked, r.id, r.metric, r.status, m.name as meter, d.name as device, j.name as job,
      extract(epoch from r.period_start)::float8 as from_at, extract(epoch from r.period_end)::float8 as to_at,
      r.meter_id = o.meter_id as is_same_meter
    from found f join mrv_records r on r.id = f.id join mrv_records o on o.id = f.asked
    join meters m on m.id = r.meter_id join devices d on d.id = r.device_id join meter_jobs j on j.id = r.job_id
    order by r.period_start, r.id`);
  const overlaps = new Map<string, OverlappingRecord[]>();
  for (const row of rows) {
    const overlap = {
      id: row.id,
      metric: row.metric,
      status: row.status,
      meterName: row.meter,
      deviceName: row.device,
      jobName: row.job,
      from: row.from_at,
      to: row.to_at,
      isSameMeter: row.is_same_meter,
    };
    const all = overlaps.get(row.asked);
    if (all) all.push(overlap);
    else overlaps.set(row.asked, [overlap]);
  }
  return overlaps;
}
