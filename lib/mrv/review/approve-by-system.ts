import { sql } from "drizzle-orm";
import { audit } from "../../audit/audit";
import type { Db } from "../../db/client";

/** Approves a verified record whose every check passed, for a job with `MRV_APPROVAL` auto. Last in the transaction: it writes to the log. */
export async function approveBySystem(tx: Db, recordId: string, now: Date): Promise<void> {
  const at = sql`${now.toISOString()}::timestamptz`;
  const [row] = await tx.execute<{ meter_id: string; evidence_hash: string; passed: string[] }>(sql`
    update mrv_records set status = 'approved', decided_at = ${at}, decided_by_id = 'system', decided_by_name = 'system',
      is_auto_approved = true, submit_at = ${at}, updated_at = ${at}
    where id = ${recordId} and status = 'verified' and checks_failed = 0 and replaced_at is null
    returning meter_id, evidence_hash, (
      select array_agg(c ->> 'check') from jsonb_array_elements(checks) c where c ->> 'result' = 'passed') as passed`);
  if (!row) return;
  await audit(tx, { kind: "system", name: "system" }, "record.approved", {
    objectType: "record",
    objectId: recordId,
    meterId: row.meter_id,
    details: { evidenceHash: row.evidence_hash, isAutoApproved: true, checksPassed: row.passed },
  });
}
