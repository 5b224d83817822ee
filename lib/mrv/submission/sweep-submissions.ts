import { sql } from "drizzle-orm";
import type { Db } from "../../db/client";
import { devices, mrvRecords, mrvSubmissions } from "../../db/schema";
import type { Worker } from "../../pipeline/worker";
import { prepareLost } from "./prepare-submission";

/** What the outbox has to do: what is lost is written down as unknown, and the Guardians that something is due for are told. */
export async function sweepSubmissions(worker: Worker): Promise<{ lost: number; guardians: string[] }> {
  const stale = await worker.db.execute<{ record_id: string }>(sql`
    select ${mrvSubmissions.recordId} from ${mrvSubmissions}
    where ${mrvSubmissions.state} = 'sending' and ${mrvSubmissions.deadlineAt} <= ${worker.now().toISOString()}::timestamptz`);
  let lost = 0;
  for (const { record_id } of stale) if (await prepareLost(worker, record_id)) lost += 1;
  const rows = await worker.db.execute<{ guardian: string }>(sql`
    select distinct due.guardian from (${dueSql(worker.now())}) due order by 1`);
  return { lost, guardians: rows.map(({ guardian }) => guardian) };
}

/** Records to send now to one Guardian, those that are due longest first. */
export async function dueRecords(db: Db, guardian: string, most: number, now: Date): Promise<string[]> {
  const rows = await db.execute<{ id: string }>(sql`
    select due.id from (${dueSql(now)}) due where due.guardian = ${guardian} order by due.submit_at, due.id limit ${most}`);
  return rows.map(({ id }) => id);
}

/** `id, submit_at, guardian`: the latter is the address up to its path. */
function dueSql(now: Date) {
  return sql`
    select r.id, r.submit_at, substring(d.guardian_url from '^[a-z]+://[^/]+') as guardian
    from ${mrvRecords} r join ${devices} d on d.id = r.device_id
    where r.submit_at <= ${now.toISOString()}::timestamptz and r.status in ('approved', 'submitting')
      and not exists (select from ${mrvSubmissions} s where s.record_id = r.id and s.state = 'sending')`;
}
