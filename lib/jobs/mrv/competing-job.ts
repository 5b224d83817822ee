import { sql } from "drizzle-orm";
import type { Db } from "../../db/client";
import { lockInTx } from "../../db/tx";
import type { DeviceRow } from "../../devices/internal";
import { Conflict } from "../../errors";
import { metricOf } from "../../metrics/registry";
import type { MrvSettings } from "../../mrv/settings";
import type { JobRow, MeterRow } from "../internal";

type Recording = Pick<JobRow, "startAt" | "endAt"> & { id?: string; metric: MrvSettings["MRV_METRIC"] };

/** Another job that is not ended and records the same metric of the meter, or of its device, in a time that overlaps. */
export async function competingJob(
  db: Db,
  meter: Pick<MeterRow, "id">,
  device: Pick<DeviceRow, "id">,
  job: Recording,
): Promise<{ id: string; name: string; meterId: string; meterName: string } | null> {
  const [other] = await db.execute<{ id: string; name: string; meter_id: string; meter_name: string }>(sql`
    select j.id, j.name, m.id as meter_id, m.name as meter_name
    from meter_jobs j join meters m on m.id = j.meter_id
    where j.type = 'mrv' and j.status <> 'ended' and j.settings->>'MRV_METRIC' = ${job.metric}
      and (m.id = ${meter.id}::uuid or m.device_id = ${device.id}::uuid)
      and j.id is distinct from ${job.id ?? null}::uuid
      and tstzrange(j.anchor_at, j.end_at) && tstzrange(${job.startAt.toISOString()}::timestamptz, ${job.endAt?.toISOString() ?? null}::timestamptz)
    order by j.id limit 1`);
  return other ? { id: other.id, name: other.name, meterId: other.meter_id, meterName: other.meter_name } : null;
}

/**
 * Two jobs would make two records of one period, and the database takes only the first: the second would do nothing but fail. Two who
 * add one at once take turns. Throws Conflict.
 */
export async function assertNoCompetingJob(tx: Db, meter: MeterRow, device: DeviceRow, job: Recording): Promise<void> {
  await lockInTx(tx, `mrv jobs of ${device.id}`);
  const other = await competingJob(tx, meter, device, job);
  if (other) throw new Conflict(competingSentence(other, meter, device, job.metric));
}

export function competingSentence(
  other: { name: string; meterId: string; meterName: string },
  meter: Pick<MeterRow, "id" | "name">,
  device: Pick<DeviceRow, "name">,
  metric: MrvSettings["MRV_METRIC"],
): string {
  const what = `${metricOf(metric).label} (${metric})`;
  return other.meterId === meter.id
    ? `${other.name} records ${what} of ${meter.name} already: end it first, or let one end where the other begins.`
    : `${device.name} signs one record of a metric and period, and ${other.name} of ${other.meterName} makes those of ${what} already: attach ${meter.name} to a device of its own.`;
}
