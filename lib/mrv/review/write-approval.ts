import type { Actor } from "../../auth/actor";
import type { Db } from "../../db/client";
import { auditRecord, deciderOf, type RecordRow, writeRecord, writeWaitingTask } from "./internal";

interface Approval {
  actor: Actor;
  reason?: string | undefined;
  /** Of the values that are to be signed: submission signs no others. */
  payloadHash: string;
  now: Date;
  isAuto?: boolean;
}

/** Writes an approval that was found right. `writeLog` writes its row of the log, which comes last in the transaction. */
export async function writeApproval(
  tx: Db,
  record: RecordRow,
  { actor, reason, payloadHash, now, isAuto = false }: Approval,
): Promise<{ approved: RecordRow; writeLog: () => Promise<void> }> {
  const approved = await writeRecord(tx, record.id, {
    status: "approved",
    ...deciderOf(actor),
    decidedAt: now,
    reason: reason ?? null,
    isAutoApproved: isAuto,
    payloadHash,
    submitAt: now,
  });
  await writeWaitingTask(tx, record.taskId, { stage: "submission" });
  const failedChecks = record.checks.filter(({ result }) => result === "failed").map(({ check }) => check);
  const details = {
    evidenceHash: record.evidenceHash,
    payloadHash,
    ...(reason !== undefined && { reason }),
    ...(failedChecks.length > 0 && { failedChecks }),
    ...(isAuto && { because: "MRV_APPROVAL is auto, and every check passed." }),
  };
  return { approved, writeLog: () => auditRecord(tx, actor, "record.approved", record, details) };
}
