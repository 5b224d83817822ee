import { sql } from "drizzle-orm";
import type { Db } from "../../lib/db/client";
import { newId } from "../../lib/ids";
import { ensurePartitions } from "../../lib/pipeline/etl/partitions";

export const METERS = 100;
/** Midnights in Sydney: a year with both changes of clocks. */
export const FROM = new Date("2025-01-31T13:00:00Z");
export const TO = new Date("2026-01-31T13:00:00Z");

/**
 * A year of five-minute readings of these meters, 10.5 million rows, with their hours and days, made in SQL: what ingestion would
 * have left, in a tenth of its time.
 */
export async function fillYear(db: Db, meterIds: readonly string[]): Promise<number> {
  await ensurePartitions(db, [{ from: FROM.getTime(), to: TO.getTime() }]);
  const [taskId, objectId] = [newId(), newId()];
  let rows = 0;
  for (const id of meterIds) {
    const filled = await db.execute(sql`
      insert into meter_data (meter_id, timestamp, duration_seconds, e_real_kwh, e_real_positive_kwh, e_real_negative_kwh,
        e_reactive_kvarh, v_rms_min, v_rms_max, i_rms_min, i_rms_max, carbon_tons, carbon_factor_id, carbon_factor_value,
        quality, task_id, object_id, ingested_at)
      select ${id}::uuid, t, 300, kwh, kwh, 0, 0.000154581, 229.4, 232.2, 14.799, 21.208, kwh * 0.66 / 1000, f.id, f.value, 'actual',
        ${taskId}::uuid, ${objectId}::uuid, now()
      from (select t, (extract(epoch from t)::bigint / 300 * 7919 % 2000)::numeric / 10000 as kwh
        from generate_series(${FROM.toISOString()}::timestamptz, ${TO.toISOString()}::timestamptz - interval '5 minutes', interval '5 minutes') t) g
      cross join (select id, value from emission_factors where region = 'NSW' and edition = '2025') f`);
    rows += filled.count;
  }
  for (const [table, key, bucket] of [
    ["meter_data_hourly", "hour", sql`date_trunc('hour', timestamp)`],
    ["meter_data_daily", "day", sql`(timestamp at time zone 'Australia/Sydney')::date`],
  ] as const) {
    await db.execute(sql`
      insert into ${sql.identifier(table)} (meter_id, ${sql.identifier(key)}, readings, estimated, restated, covered_seconds,
        e_real_kwh, e_real_positive_kwh, e_real_negative_kwh, e_reactive_kvarh, v_rms_min, v_rms_max, i_rms_min, i_rms_max, carbon_tons)
      select meter_id, ${bucket}, count(*), 0, 0, sum(duration_seconds), sum(e_real_kwh), sum(e_real_positive_kwh),
        sum(e_real_negative_kwh), sum(e_reactive_kvarh), min(v_rms_min), max(v_rms_max), min(i_rms_min), max(i_rms_max), sum(carbon_tons)
      from meter_data group by 1, 2`);
  }
  await db.execute(sql`analyze meter_data, meter_data_hourly, meter_data_daily`);
  return rows;
}
