import { sql } from "drizzle-orm";
import { z } from "zod";
import { authorise, meterScope } from "../auth/actor";
import type { Ctx } from "../ctx";
import { recordsFound } from "../mrv/queries/records-found";
import type { RecordStatus } from "../mrv/statuses";
import { inScope } from "./scope";

export const findInput = z.object({ text: z.string().trim().min(1).max(100) });

const LIMIT = 8;

interface Found {
  id: string;
  name: string;
  /** What tells it apart from others of the same name. */
  note: string;
}

interface FoundRecord {
  id: string;
  /** Its meter's. */
  name: string;
  status: RecordStatus;
  timezone: string;
  periodStart: string;
  periodEnd: string;
}

/** Meters, devices, jobs and records for the palette, by name, source, DID or id; names that start with the text come first, records newest first. */
export async function findInFleet(
  ctx: Ctx,
  input: z.input<typeof findInput>,
): Promise<{ meters: Found[]; devices: Found[]; jobs: Found[]; records: FoundRecord[] }> {
  authorise(ctx.actor, "fleet:read");
  const { text } = findInput.parse(input);
  const literal = text.replace(/[\\%_]/g, "\\$&");
  const anywhere = `%${literal}%`;
  const hasMeter = sql`exists (
    select 1 from meters m where m.device_id = d.id and m.archived_at is null and ${inScope(ctx)})`;
  const found = await recordsFound(ctx.db, text);
  const [meters, devices, jobs, records] = await Promise.all([
    ctx.db.execute<Found & Record<string, unknown>>(sql`
      select m.id, m.name, m.data_source as note from meters m
      where m.archived_at is null and ${inScope(ctx)}
        and (m.name ilike ${anywhere} or m.data_source ilike ${anywhere} or m.id::text = ${text})
      order by m.name ilike ${`${literal}%`} desc, m.name, m.id limit ${LIMIT}`),
    ctx.db.execute<Found & Record<string, unknown>>(sql`
      select d.id, d.name, d.policy_tag as note from devices d
      where d.archived_at is null and ${meterScope(ctx.actor) ? hasMeter : sql`true`}
        and (d.name ilike ${anywhere} or d.did ilike ${anywhere} or d.policy_tag ilike ${anywhere} or d.id::text = ${text})
      order by d.name ilike ${`${literal}%`} desc, d.name, d.id limit ${LIMIT}`),
    ctx.db.execute<Found & Record<string, unknown>>(sql`
      select j.id, j.name, m.name as note from meter_jobs j join meters m on m.id = j.meter_id
      where m.archived_at is null and j.status <> 'ended' and ${inScope(ctx)}
        and (j.name ilike ${anywhere} or m.name ilike ${anywhere} or j.id::text = ${text})
      order by j.name ilike ${`${literal}%`} desc, j.name, j.id limit ${LIMIT}`),
    ctx.db.execute<FoundRecord & Record<string, unknown>>(sql`
      select mrv_records.id, m.name, status, mrv_records.timezone, period_start as "periodStart", period_end as "periodEnd"
      from mrv_records join meters m on m.id = meter_id
      where replaced_at is null and ${inScope(ctx)} and ${found}
      order by mrv_records.created_at desc, mrv_records.id desc limit ${LIMIT}`),
  ]);
  const dated = records.map(({ periodStart, periodEnd, ...record }) => ({
    ...record,
    periodStart: new Date(periodStart).toISOString(),
    periodEnd: new Date(periodEnd).toISOString(),
  }));
  return { meters: [...meters], devices: [...devices], jobs: [...jobs], records: dated };
}
