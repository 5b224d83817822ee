import { sql } from "drizzle-orm";
import { devices, mrvRecords, mrvSubmissions } from "../../db/schema";
import type { Worker } from "../../pipeline/worker";
import { MOST_IN_A_SWEEP } from "./limits";
import { prepareLost } from "./prepare-submission";

export interface DueRecord {
  recordId: string;
  /** Of Guardian: so many of one are sent side by side. */
  guardian: string;
  dueAt: string;
}

/** What the outbox has to do: what is lost is written down as unknown, and what is due is told, the longest due first. */
export async function sweepSubmissions(worker: Worker): Promise<{ lost: number; due: DueRecord[] }> {
  const now = sql`${worker.now().toISOString()}::timestamptz`;
  const stale = await worker.db.execute<{ record_id: string }>(sql`
    select ${mrvSubmissions.recordId} from ${mrvSubmissions}
    where ${mrvSubmissions.state} = 'sending' and ${mrvSubmissions.deadlineAt} <= ${now}`);
  let lost = 0;
  for (const { record_id } of stale) if (await prepareLost(worker, record_id)) lost += 1;
  const rows = await worker.db.execute<{ record_id: string; guardian: string; due_at: string }>(sql`
    select r.id as record_id, d.guardian_url as guardian, r.submit_at as due_at
    from ${mrvRecords} r join ${devices} d on d.id = r.device_id
    where r.submit_at <= ${now} and r.status in ('approved', 'submitting')
      and not exists (select from ${mrvSubmissions} s where s.record_id = r.id and s.state = 'sending')
    order by r.submit_at, r.id limit ${MOST_IN_A_SWEEP}`);
  const due = rows.map((row) => ({
    recordId: row.record_id,
    guardian: URL.canParse(row.guardian) ? new URL(row.guardian).host : row.guardian,
    dueAt: new Date(row.due_at).toISOString(),
  }));
  return { lost, due };
}
