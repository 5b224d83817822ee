import { sql } from "drizzle-orm";
import type { Db } from "../../db/client";
import type { NewRecord } from "./make-record";

const uuids = (ids: readonly string[]) => sql`${`{${ids.join(",")}}`}::uuid[]`;

/**
 * Writes new records in place of those they replace. The database refuses what overlaps another live record of the device or the meter:
 * those are left out of the answer, and what they would have replaced stays as it is. Returns the ids that were written.
 */
// In order of device and time: two transactions that store records of one device never wait for each other's.
export async function storeRecords(tx: Db, records: readonly NewRecord[]): Promise<Set<string>> {
  if (records.length === 0) return new Set();
  const replaced = records.flatMap(({ place }) => place.replacesId ?? []);
  if (replaced.length > 0) {
    await tx.execute(sql`
      update mrv_records set replaced_at = now(), updated_at = now()
      where id = any(${uuids(replaced)}) and replaced_at is null`);
  }
  const rows = records.map(rowOf);
  const inserted = await tx.execute<{ id: string }>(sql`
    insert into mrv_records (id, device_id, did, policy_id, meter_id, job_id, task_id, metric, unit, period_start, period_end, timezone,
      value, carbon_tons, readings, expected, coverage, settings, evidence, evidence_hash, values_hash,
      replaces_id, corrects_id, correction)
    select r.id, r.device_id, r.did, r.policy_id, r.meter_id, r.job_id, r.task_id, r.metric, r.unit, r.period_start, r.period_end,
      r.timezone, r.value, r.carbon_tons, r.readings, r.expected, r.coverage, r.settings, r.evidence, r.evidence_hash,
      r.values_hash, r.replaces_id, r.corrects_id, r.correction
    from json_to_recordset(${JSON.stringify(rows)}::text::json) as r(id uuid, device_id uuid, did text, policy_id text, meter_id uuid,
      job_id uuid, task_id uuid, metric text, unit text, period_start timestamptz, period_end timestamptz, timezone text, value numeric,
      carbon_tons numeric, readings int, expected int, coverage float8, settings jsonb, evidence json, evidence_hash text,
      values_hash text, replaces_id uuid, corrects_id uuid, correction int)
    order by r.did, r.policy_id, r.meter_id, r.period_start
    on conflict do nothing
    returning id`);
  const stored = new Set(inserted.map(({ id }) => id));
  const refused = records.filter(({ id }) => !stored.has(id)).flatMap(({ place }) => place.replacesId ?? []);
  if (refused.length > 0) {
    await tx.execute(sql`update mrv_records set replaced_at = null where id = any(${uuids(refused)})`);
  }
  const corrected = records.filter(({ id }) => stored.has(id)).flatMap(({ place }) => place.correctsId ?? []);
  if (corrected.length > 0) {
    await tx.execute(sql`
      update mrv_records set correction_ordered_at = null, updated_at = now()
      where id = any(${uuids(corrected)}) and correction_ordered_at is not null`);
  }
  return stored;
}

function rowOf({ id, task, meter, device, settings, place, evidence, evidenceHash, valuesHash }: NewRecord) {
  const { figures, coverage, period } = evidence;
  return {
    id,
    device_id: device.id,
    did: device.config.did,
    policy_id: device.config.policyId,
    meter_id: meter.id,
    job_id: task.jobId,
    task_id: task.id,
    metric: figures.metric,
    unit: figures.unit,
    period_start: period.start,
    period_end: period.end,
    timezone: period.timezone,
    value: figures.value,
    carbon_tons: figures.carbonTons,
    readings: coverage.present,
    expected: coverage.expected,
    coverage: Number(coverage.ratio),
    settings,
    evidence,
    evidence_hash: evidenceHash,
    values_hash: valuesHash,
    replaces_id: place.replacesId,
    corrects_id: place.correctsId,
    correction: place.correction,
  };
}
