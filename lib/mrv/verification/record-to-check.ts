import { sql } from "drizzle-orm";
import type { Db } from "../../db/client";
import type { EvidenceManifest } from "../evidence/manifest";
import type { MrvTask } from "../extraction/mrv-tasks";
import type { Period } from "../extraction/periods-sql";
import type { MrvSettings } from "../settings";

/** A record that is to be verified; its own id, and its period. */
export interface RecordToCheck extends Period {
  taskId: string;
  jobId: string;
  deviceId: string;
  did: string;
  policyId: string;
  value: string | null;
  timezone: string;
  settings: MrvSettings;
  evidence: EvidenceManifest;
}

/** The extracted records of these tasks, by task. They are locked until the transaction ends. */
export async function recordsToCheck(tx: Db, tasks: readonly MrvTask[]): Promise<Map<string, RecordToCheck>> {
  const rows = await tx.execute<Record<string, unknown>>(sql`
    select id, task_id, job_id, device_id, did, policy_id, meter_id, value::text, timezone, settings, evidence,
      (extract(epoch from period_start) * 1000)::float8 as from_at, (extract(epoch from period_end) * 1000)::float8 as to_at
    from mrv_records
    where task_id = any(${`{${tasks.map(({ id }) => id).join(",")}}`}::uuid[]) and replaced_at is null and status = 'extracted'
    order by id for update`);
  return new Map(
    rows.map((row) => [
      String(row.task_id),
      {
        id: String(row.id),
        taskId: String(row.task_id),
        jobId: String(row.job_id),
        deviceId: String(row.device_id),
        did: String(row.did),
        policyId: String(row.policy_id),
        meterId: String(row.meter_id),
        value: row.value as string | null,
        timezone: String(row.timezone),
        settings: row.settings as MrvSettings,
        evidence: row.evidence as EvidenceManifest,
        from: new Date(Number(row.from_at)),
        to: new Date(Number(row.to_at)),
      },
    ]),
  );
}
