import { sql } from "drizzle-orm";
import type { Db } from "../../db/client";
import { meterData } from "../../db/schema";
import { type EvidenceReading, rowsHash } from "../evidence/canonical-rows";
import type { RecordRow } from "./internal";

/** Of the readings of a record's period as they are now. */
export async function readingsHash(db: Db, { meterId, metric, periodStart, periodEnd }: RecordRow): Promise<string> {
  const rows = await db.execute<EvidenceReading & Record<string, unknown>>(sql`
    select to_char(timestamp at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as start, duration_seconds as "durationSeconds",
      trim_scale(${meterData[metric]})::text as value, trim_scale(carbon_tons)::text as "carbonTons",
      carbon_factor_id as "factorId", quality, object_id as "objectId"
    from meter_data
    where meter_id = ${meterId} and timestamp >= ${periodStart.toISOString()}::timestamptz
      and timestamp < ${periodEnd.toISOString()}::timestamptz
    order by timestamp`);
  return rowsHash(metric, rows);
}
