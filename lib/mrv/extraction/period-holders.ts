import { sql } from "drizzle-orm";
import { SourceError } from "../../connectors/source-error";
import type { Db } from "../../db/client";
import { civilDate } from "../../time";
import type { NewRecord } from "./make-record";

interface Holder extends Record<string, unknown> {
  wanted_by: string;
  id: string;
  status: string;
  period_start: string;
  period_end: string;
  timezone: string;
  device: string;
  meter: string;
  job: string;
}

// As the exclusion constraints say it, each by the index of its own.
const holds = sql`h.metric = w.metric and h.correction = w.correction
  and tstzrange(h.period_start, h.period_end) && tstzrange(w.from_at, w.to_at) and h.status <> 'rejected' and h.replaced_at is null`;

/** Why records were refused their place: by new record's id, an error that names the record that holds it. */
export async function periodHolders(db: Db, refused: readonly NewRecord[]): Promise<Map<string, SourceError>> {
  if (refused.length === 0) return new Map();
  const wanted = refused.map(({ id, meter, device, evidence }) => ({
    id,
    meter_id: meter.id,
    did: device.config.did,
    policy_id: device.config.policyId,
    metric: evidence.figures.metric,
    correction: evidence.record.correction,
    from_at: evidence.period.start,
    to_at: evidence.period.end,
  }));
  const rows = await db.execute<Holder>(sql`
    select distinct on (w.id) w.id as wanted_by, r.id, r.status, r.period_start, r.period_end, r.timezone, d.name as device,
      m.name as meter, j.name as job
    from json_to_recordset(${JSON.stringify(wanted)}::text::json) as w(id uuid, meter_id uuid, did text, policy_id text, metric text,
      correction int, from_at timestamptz, to_at timestamptz)
    cross join lateral (
      select h.id from mrv_records h where h.meter_id = w.meter_id and ${holds}
      union select h.id from mrv_records h where h.did = w.did and h.policy_id = w.policy_id and ${holds}
    ) f join mrv_records r on r.id = f.id
    join devices d on d.id = r.device_id join meters m on m.id = r.meter_id join meter_jobs j on j.id = r.job_id
    order by w.id, r.period_start, r.id`);
  const holders = new Map(rows.map((row) => [row.wanted_by, row]));
  return new Map(refused.map(({ id }) => [id, takenBy(holders.get(id))]));
}

function takenBy(holder: Holder | undefined): SourceError {
  if (!holder) {
    // It was there when the database refused, and is not any more.
    return new SourceError("PERIOD_TAKEN", "Another record held this period a moment ago.", { isRetryable: true });
  }
  const day = (at: string) => civilDate(new Date(at), holder.timezone);
  const status = holder.status.replaceAll("_", " ");
  return new SourceError(
    "PERIOD_TAKEN",
    `This period is taken by the record ${holder.id} of ${holder.meter} and ${holder.device} (${status}, ${day(holder.period_start)} to ${day(holder.period_end)}, made by ${holder.job}). Energy is issued once: reject that record first, or end one of the two jobs.`,
    { isRetryable: false },
  );
}
