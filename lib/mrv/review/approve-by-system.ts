import type { Db } from "../../db/client";
import { AppError } from "../../errors";
import { assertSignable } from "./assert-approvable";
import { lockRecord } from "./internal";
import { writeApproval } from "./write-approval";

/**
 * Approves a record of a job with MRV_APPROVAL `auto` in the caller's transaction, last in it: verified, every check passed, and it can be signed. Anything
 * else is left to a person.
 */
export async function approveBySystem(tx: Db, recordId: string, now: Date): Promise<void> {
  const record = await lockRecord(tx, recordId);
  const hasPassed = record.status === "verified" && record.checks.every(({ result }) => result !== "failed");
  if (record.settings.MRV_APPROVAL !== "auto" || !hasPassed || record.replacedAt) return;
  let payloadHash: string;
  try {
    payloadHash = (await assertSignable(tx, record)).payloadHash;
  } catch (error) {
    if (error instanceof AppError) return;
    throw error;
  }
  const actor = { kind: "system", name: "auto-approval" } as const;
  const { writeLog } = await writeApproval(tx, record, { actor, payloadHash, now, isAuto: true });
  await writeLog();
}
