import type { mrvRecords, mrvSubmissions } from "../../db/schema";
import type { RecordDto, RecordSummary, SubmissionDto } from "../schemas";

type RecordRow = typeof mrvRecords.$inferSelect;
type SubmissionRow = typeof mrvSubmissions.$inferSelect;

export interface RecordNames {
  deviceName: string;
  meterName: string;
}

/** What a summary is made of: lists leave out evidence, checks and signed bytes, which are most of a row. */
export type SummaryRow = { checksNotApplicable: number } & Omit<
  RecordRow,
  | "evidence"
  | "settings"
  | "checks"
  | "credential"
  | "credentialId"
  | "payloadHash"
  | "issuedAt"
  | "restatement"
  | "acknowledgements"
  | "reason"
  | "submitAt"
  | "signedWith"
>;

/** Characters of an answer that are shown; the whole is in the evidence bundle. */
const MOST_OF_AN_ANSWER = 20_000;

/** Of a whole row. */
export function toSummary(row: RecordRow, names: RecordNames): RecordSummary {
  const checksNotApplicable = row.checks.filter(({ result }) => result === "not_applicable").length;
  return listedSummary({ ...row, checksNotApplicable }, names);
}

export function listedSummary(row: SummaryRow, names: RecordNames): RecordSummary {
  return {
    id: row.id,
    status: row.status,
    deviceId: row.deviceId,
    deviceName: names.deviceName,
    did: row.did,
    meterId: row.meterId,
    meterName: names.meterName,
    jobId: row.jobId,
    taskId: row.taskId,
    metric: row.metric,
    unit: row.unit,
    value: row.value,
    carbonTons: row.carbonTons,
    periodStart: row.periodStart,
    periodEnd: row.periodEnd,
    timezone: row.timezone,
    readings: row.readings,
    expected: row.expected,
    coverage: row.coverage,
    checksPassed: row.checksPassed,
    checksFailed: row.checksFailed,
    checksNotApplicable: row.checksNotApplicable,
    evidenceHash: row.evidenceHash,
    replacesId: row.replacesId,
    replacedAt: row.replacedAt,
    correctsId: row.correctsId,
    correction: row.correction,
    restatedAt: row.restatedAt,
    restatementAcknowledgedAt: row.restatementAcknowledgedAt,
    verifiedAt: row.verifiedAt,
    decidedAt: row.decidedAt,
    decidedByName: row.decidedByName,
    isAutoApproved: row.isAutoApproved,
    submittedAt: row.submittedAt,
    createdAt: row.createdAt,
  };
}

export function toRecordDto(
  row: RecordRow,
  names: RecordNames,
  rest: { submissions: readonly SubmissionRow[]; replacedById: string | null; correctedByIds: string[] },
): RecordDto {
  return {
    ...toSummary(row, names),
    checks: row.checks,
    settings: { ...row.settings },
    evidence: { ...row.evidence },
    reason: row.reason,
    credentialId: row.credentialId,
    credential: row.credential,
    payloadHash: row.payloadHash,
    issuedAt: row.issuedAt,
    submitAt: row.submitAt,
    restatement: row.restatement,
    acknowledgements: row.acknowledgements,
    submissions: rest.submissions.map(toSubmission),
    replacedById: rest.replacedById,
    correctedByIds: rest.correctedByIds,
  };
}

function toSubmission(row: SubmissionRow): SubmissionDto {
  return {
    id: row.id,
    attempt: row.attempt,
    state: row.state,
    url: row.url,
    requestSha256: row.requestSha256,
    requestBytes: row.request.byteLength,
    startedAt: row.startedAt,
    finishedAt: row.finishedAt,
    durationMs: row.durationMs,
    answerStatus: row.answerStatus,
    answerSha256: row.answerSha256,
    answer: row.answer && Buffer.from(row.answer).toString("utf8").slice(0, MOST_OF_AN_ANSWER),
    code: row.code,
    message: row.message,
  };
}
