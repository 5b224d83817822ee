import { desc, eq } from "drizzle-orm";
import type { Db } from "../../db/client";
import { mrvSubmissions } from "../../db/schema";
import { withTx } from "../../db/tx";
import type { DeviceRow } from "../../devices/internal";
import { AppError, NotPossibleNow } from "../../errors";
import { requestBody } from "../../guardian/client";
import type { MrvConfig } from "../../guardian/mrv-config";
import { type ExternalRoute, routeUrl } from "../../guardian/routes";
import type { Worker } from "../../pipeline/worker";
import { sha256Hex } from "../../secrets";
import { keepSigningConfig } from "../evidence/signing-config";
import { signedConfig } from "../field-map/signed-config";
import { auditRecord, lockRecord, type RecordRow, writeRecord } from "../review/internal";
import type { MrvSettings } from "../settings";
import { deviceInUse } from "./device-in-use";
import { BEGIN_WITHIN_MS, DEADLINE_MARGIN_MS, type SendTimeouts, sendTimeoutMs } from "./limits";
import { type SignedRecord, signRecord } from "./sign-record";
import { writeLost } from "./write-lost";
import { type Settled, SYSTEM, writeOutcome } from "./write-outcome";

export type Prepared =
  | { kind: "ready"; attempt: ReadyAttempt }
  /** Nothing is to be sent, or somebody sends it. */
  | { kind: "none"; why: string }
  /** It cannot be sent, or what was sent is lost from sight. */
  | { kind: "settled"; settled: Settled };

/** Written down and committed: from here on, whatever is not recorded is unknown. */
export interface ReadyAttempt {
  recordId: string;
  submissionId: string;
  guardianUrl: string;
  route: ExternalRoute;
  body: Uint8Array;
  timeoutMs: number;
  startedAt: Date;
  beginBefore: Date;
}

/**
 * The first transaction of a submission: signs what is not signed yet, verifies it, and stores credential and request, byte for byte, before anything leaves. One
 * that is on its way is left alone until its deadline, and is unknown after it.
 */
export function prepareSubmission(
  worker: Worker,
  recordId: string,
  timeouts: SendTimeouts = sendTimeoutMs,
): Promise<Prepared> {
  return withTx(worker.db, async (tx) => {
    const record = await lockRecord(tx, recordId);
    const now = worker.now();
    const newest = await newestSubmission(tx, recordId);
    if (newest?.state === "sending") {
      if (newest.deadlineAt > now) return { kind: "none", why: "It is on its way." };
      return { kind: "settled", settled: await writeLost(tx, record, newest, now) };
    }
    const isDue = record.submitAt !== null && record.submitAt <= now;
    if (!isDue || (record.status !== "approved" && record.status !== "submitting")) {
      return { kind: "none", why: "Nothing is due." };
    }
    try {
      return { kind: "ready", attempt: await writeAttempt(tx, worker, record, { before: newest, timeouts, now }) };
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      const message = `${error.message} Nothing was sent.`;
      const outcome = { kind: "refused", code: "NOT_SIGNED", message, isRetryable: false, startedAt: now } as const;
      return { kind: "settled", settled: await writeOutcome(tx, record, outcome, now) };
    }
  });
}

/** Of a record that is on its way past its deadline: unknown from now on. False where it has come to an end. */
export function prepareLost(worker: Worker, recordId: string): Promise<boolean> {
  return withTx(worker.db, async (tx) => {
    const record = await lockRecord(tx, recordId);
    const now = worker.now();
    const newest = await newestSubmission(tx, recordId);
    if (newest?.state !== "sending" || newest.deadlineAt > now) return false;
    await writeLost(tx, record, newest, now);
    return true;
  });
}

type SubmissionRow = typeof mrvSubmissions.$inferSelect;

async function newestSubmission(tx: Db, recordId: string): Promise<SubmissionRow | undefined> {
  const [row] = await tx
    .select()
    .from(mrvSubmissions)
    .where(eq(mrvSubmissions.recordId, recordId))
    .orderBy(desc(mrvSubmissions.attempt))
    .limit(1);
  return row;
}

async function writeAttempt(
  tx: Db,
  worker: Worker,
  record: RecordRow,
  { before, timeouts, now }: { before: SubmissionRow | undefined; timeouts: SendTimeouts; now: Date },
): Promise<ReadyAttempt> {
  const device = await deviceInUse(tx, record);
  const signed = await signOrSay(worker, record, device, now);
  const config = signedConfig(device.config, record.settings);
  const body = before?.request ?? bodyOf(signed.credential, config);
  const { guardianUrl } = config;
  const route = routeOf(record.settings, config.policyId);
  const timeoutMs = timeouts[record.settings.MRV_ROUTE];
  const requestSha256 = sha256Hex(body);
  const signedWith = record.credential === null ? await keepSigningConfig(tx, device) : record.signedWith;
  await writeRecord(tx, record.id, { ...signed, signedWith, status: "submitting" });
  const [row] = await tx
    .insert(mrvSubmissions)
    .values({
      recordId: record.id,
      attempt: (before?.attempt ?? 0) + 1,
      url: routeUrl(guardianUrl, route),
      request: body,
      requestSha256,
      startedAt: now,
      deadlineAt: new Date(now.getTime() + BEGIN_WITHIN_MS + timeoutMs + DEADLINE_MARGIN_MS),
    })
    .returning({ id: mrvSubmissions.id });
  if (!row) throw new Error("The submission was not stored.");
  if (record.credential === null) {
    const { credentialId, credential, payloadHash } = signed;
    const details = { credentialId, credentialSha256: sha256Hex(credential), payloadHash };
    await auditRecord(tx, SYSTEM, "record.signed", record, details);
  }
  const beginBefore = new Date(now.getTime() + BEGIN_WITHIN_MS);
  return {
    recordId: record.id,
    submissionId: row.id,
    guardianUrl,
    route,
    body,
    timeoutMs,
    startedAt: now,
    beginBefore,
  };
}

/** Signing asks nobody: what goes wrong in it goes wrong again, so it is said instead of tried each minute. */
async function signOrSay(worker: Worker, record: RecordRow, device: DeviceRow, now: Date): Promise<SignedRecord> {
  try {
    return await signRecord(record, device, worker.secrets, now);
  } catch (error) {
    if (error instanceof AppError) throw error;
    worker.log.error({ err: error, recordId: record.id }, "A record could not be signed.");
    throw new NotPossibleNow("It could not be signed for a reason that nobody foresaw: it is in the log.");
  }
}

function bodyOf(credential: string, { ref, installerDid: owner, policyTag }: MrvConfig): Uint8Array {
  return requestBody({ credential, ref, owner, policyTag });
}

function routeOf({ MRV_ROUTE: route, MRV_BLOCK_TAG: blockTag }: MrvSettings, policyId: string): ExternalRoute {
  return {
    ...(blockTag !== undefined && { block: { policyId, blockTag } }),
    ...(route === "sync-events" && { syncEvents: { history: true } }),
  };
}
