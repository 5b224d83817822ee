import type { mrvRecords, mrvSubmissions } from "../../../db/schema/mrv";
import type { EvidenceManifest, EvidenceObject } from "../manifest";
import type { SigningConfig } from "../signing-config";

type RecordRow = typeof mrvRecords.$inferSelect;
type SubmissionRow = typeof mrvSubmissions.$inferSelect;

/** What a bundle's JSON files hold. Writer and verifier share these, and the files' names. */

export const BUNDLE_FORMAT = "meterproof-bundle/1";

/** `record.json`: the record as it is when the bundle is made. */
export function recordDocument(record: RecordRow) {
  return {
    id: record.id,
    status: record.status,
    evidenceHash: record.evidenceHash,
    figures: { metric: record.metric, unit: record.unit, value: record.value, carbonTons: record.carbonTons },
    readings: record.readings,
    expected: record.expected,
    period: {
      start: record.periodStart.toISOString(),
      end: record.periodEnd.toISOString(),
      timezone: record.timezone,
    },
    extractedAt: record.createdAt.toISOString(),
    replacesId: record.replacesId,
    replacedAt: iso(record.replacedAt),
    correctsId: record.correctsId,
    correction: record.correction,
    verification: { at: iso(record.verifiedAt), checks: record.checks },
    decision:
      record.decidedAt === null
        ? null
        : {
            at: record.decidedAt.toISOString(),
            byId: record.decidedById,
            byName: record.decidedByName,
            isAutomatic: record.isAutoApproved,
            reason: record.reason,
          },
    credential:
      record.credential === null
        ? null
        : { id: record.credentialId, payloadHash: record.payloadHash, issuedAt: iso(record.issuedAt) },
    submittedAt: iso(record.submittedAt),
    restatedAt: iso(record.restatedAt),
    restatement: record.restatement,
    acknowledgements: record.acknowledgements,
  };
}
export type RecordDocument = ReturnType<typeof recordDocument>;

/** `device.json`: what a signature is verified with, and the schema that Guardian holds the subject against. Nothing in it is secret. */
export interface DeviceDocument extends SigningConfig {
  id: string;
  /** False: the device's as it is now. Of a record that was not signed yet, or in a release that did not keep it. */
  isAsSigned: boolean;
}

/** `settings.json`: of the meter and of the job, as they were at extraction. */
export function settingsDocument({ meter, job }: EvidenceManifest) {
  return { meter, job };
}

export function submissionDocument(row: SubmissionRow) {
  return {
    attempt: row.attempt,
    state: row.state,
    url: row.url,
    startedAt: row.startedAt.toISOString(),
    finishedAt: iso(row.finishedAt),
    durationMs: row.durationMs,
    request: { file: requestName(row.attempt), sha256: row.requestSha256, sizeBytes: row.request.byteLength },
    answer:
      row.answer === null
        ? null
        : {
            file: answerName(row.attempt),
            sha256: row.answerSha256,
            sizeBytes: row.answer.byteLength,
            status: row.answerStatus,
            headers: row.answerHeaders,
            isWhole: row.isAnswerWhole,
          },
    code: row.code,
    message: row.message,
  };
}
export type SubmissionDocument = ReturnType<typeof submissionDocument>;

/** `code.json` */
export interface CodeDocument {
  format: typeof BUNDLE_FORMAT;
  /** The release that extracted the record, and the SHA-256 of its sources (`scripts/sources.ts`). */
  extractedBy: string;
}

export const HASHES = "hashes.txt";

/** Every file of a bundle but `hashes.txt`, in the order in which they stand in it. */
export function fileNames(
  manifest: EvidenceManifest,
  submissions: readonly Pick<SubmissionDocument, "attempt" | "answer">[],
  isSigned: boolean,
): string[] {
  return [
    "README.txt",
    "manifest.json",
    "record.json",
    "readings.ndjson",
    "factors.json",
    "settings.json",
    "device.json",
    ...(isSigned ? ["credential.json"] : []),
    "submissions.json",
    ...submissions.flatMap(({ attempt, answer }) => [requestName(attempt), ...(answer ? [answerName(attempt)] : [])]),
    "code.json",
    ...manifest.objects.map(objectName),
  ];
}

export function requestName(attempt: number): string {
  return `submissions/${attempt}-request.json`;
}

/** Not by the answer's type, which is the other side's word. */
export function answerName(attempt: number): string {
  return `submissions/${attempt}-answer`;
}

/** Raw objects keep the last part of their key behind the id, transformed ones are CSV. */
export function objectName({ id, kind, key }: Pick<EvidenceObject, "id" | "kind" | "key">): string {
  return kind === "transformed" ? `transformed/${id}.csv` : `raw/${id}_${key.slice(key.lastIndexOf("/") + 1)}`;
}

export function jsonText(document: unknown): string {
  return `${JSON.stringify(document, null, 2)}\n`;
}

/** As `sha256sum` writes it and reads it back with `-c`. */
export function hashesText(files: readonly { name: string; sha256: string }[]): string {
  return files.map(({ name, sha256 }) => `${sha256}  ${name}\n`).join("");
}

function iso(at: Date | null): string | null {
  return at?.toISOString() ?? null;
}
