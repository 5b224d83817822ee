import { sql } from "drizzle-orm";
import type { Readings } from "../connectors/readings";
import type { Db } from "../db/client";
import type { Meter } from "../pipeline/etl/run-stage";
import type { UploadDay } from "./days";

/** What somebody should know before these readings are ingested. */
export async function notesOn(
  db: Db,
  meter: Meter,
  readings: Readings,
  days: readonly UploadDay[],
  now: Date,
): Promise<string[]> {
  const notes: string[] = [];
  let ahead = 0;
  for (const [index, startEpochSeconds] of readings.startEpochSeconds.entries()) {
    if (startEpochSeconds * 1000 > now.getTime() && readings.qualityAt(index) !== "forecast") ahead += 1;
  }
  if (ahead > 0) {
    notes.push(
      `${ahead.toLocaleString("en")} ${ahead === 1 ? "reading lies" : "readings lie"} in the future: check the time zone, and which of day and month comes first.`,
    );
  }
  const [first, last] = [days[0], days.at(-1)];
  if (!first || !last) return notes;
  const jobs = await db.execute<{ name: string }>(sql`
    select name from meter_jobs where meter_id = ${meter.id} and type = 'etl' and trigger = 'schedule'
      and anchor_at < ${last.to.toISOString()}::timestamptz
      and case when status = 'ended' then next_interval_at > ${first.from.toISOString()}::timestamptz
        else coalesce(end_at, 'infinity') > ${first.from.toISOString()}::timestamptz end
    order by created_at limit 3`);
  if (jobs.length > 0) {
    const names = jobs.map(({ name }) => name).join(", ");
    notes.push(
      `The meter's ${jobs.length === 1 ? "job" : "jobs"} (${names}) collect these days from the source, too: where a later collection brings other values they restate these.`,
    );
  }
  return notes;
}
