import { z } from "zod";
import { instantOut } from "../http/fields";
import { recordStatuses } from "./statuses";

const decimal = z.string().meta({ description: "Decimal text: exact." });

export const checkResultDto = z.object({
  check: z.string(),
  label: z.string(),
  result: z.enum(["passed", "failed", "not_applicable"]),
  isBlocking: z.boolean().meta({ description: "Failed and blocking: the record cannot be approved." }),
  figure: z.string().nullable(),
  threshold: z.string().nullable(),
  sentence: z.string(),
});

export const recordSummaryDto = z.object({
  id: z.uuid(),
  status: z.enum(recordStatuses),
  deviceId: z.uuid(),
  deviceName: z.string(),
  did: z.string(),
  meterId: z.uuid(),
  meterName: z.string(),
  jobId: z.uuid(),
  taskId: z.uuid(),
  metric: z.string(),
  unit: z.string(),
  value: decimal.nullable(),
  carbonTons: decimal.nullable(),
  periodStart: instantOut,
  periodEnd: instantOut,
  timezone: z.string(),
  readings: z.number().int(),
  expected: z.number().int(),
  coverage: z.number(),
  checksPassed: z.number().int(),
  checksFailed: z.number().int(),
  checksNotApplicable: z.number().int().meta({ description: "There is nothing to hold the record against." }),
  evidenceHash: z.string().meta({ description: "An approval binds to it." }),
  replacesId: z.uuid().nullable(),
  replacedAt: instantOut.nullable(),
  correctsId: z.uuid().nullable(),
  correction: z.number().int(),
  restatedAt: instantOut.nullable(),
  restatementAcknowledgedAt: instantOut
    .nullable()
    .meta({ description: "Set while a person has acknowledged the restatement as it is." }),
  verifiedAt: instantOut.nullable(),
  decidedAt: instantOut.nullable(),
  decidedByName: z.string().nullable(),
  isAutoApproved: z.boolean(),
  submittedAt: instantOut.nullable(),
  createdAt: instantOut,
});
export type RecordSummary = z.input<typeof recordSummaryDto>;

export const submissionDto = z.object({
  id: z.uuid(),
  attempt: z.number().int(),
  state: z.enum(["sending", "accepted", "refused", "unknown"]),
  url: z.string(),
  requestSha256: z.string(),
  requestBytes: z.number().int(),
  startedAt: instantOut,
  finishedAt: instantOut.nullable(),
  durationMs: z.number().int().nullable(),
  answerStatus: z.number().int().nullable(),
  answerSha256: z.string().nullable(),
  /** As text, cut to what fits a screen. */
  answer: z.string().nullable(),
  code: z.string().nullable(),
  message: z.string().nullable(),
});
export type SubmissionDto = z.input<typeof submissionDto>;

const figures = z.object({ value: decimal.nullable(), carbonTons: decimal.nullable(), readings: z.number().int() });

export const recordDto = recordSummaryDto.extend({
  checks: z.array(checkResultDto),
  settings: z.record(z.string(), z.unknown()).meta({ description: "The job's, as they were at extraction." }),
  evidence: z.record(z.string(), z.unknown()).meta({ description: "The manifest that `evidenceHash` is of." }),
  reason: z.string().nullable(),
  credentialId: z.string().nullable(),
  credential: z.string().nullable().meta({ description: "The exact signed text." }),
  payloadHash: z.string().nullable(),
  issuedAt: instantOut.nullable(),
  submitAt: instantOut.nullable().meta({ description: "When the next attempt is due." }),
  submissions: z.array(submissionDto),
  restatement: z
    .object({ readings: z.number().int(), before: figures, now: figures, seenAt: z.iso.datetime() })
    .nullable(),
  acknowledgements: z
    .array(
      z.object({
        at: z.iso.datetime(),
        byId: z.string(),
        byName: z.string(),
        reason: z.string(),
        before: figures,
        now: figures,
      }),
    )
    .meta({ description: "Of restatements, oldest first, each with the figures that were looked at." }),
  replacedById: z.uuid().nullable(),
  correctedByIds: z.array(z.uuid()),
});
export type RecordDto = z.input<typeof recordDto>;

/** Who changed the meter, its job, device or data for the period: they cannot approve the record. */
export interface Touched {
  actorKind: "user" | "token" | "system";
  actorId: string;
  actorName: string;
  /** Whom it counts for: the user; of a token whoever made it. */
  personId: string;
  /** What they did, in words: `forced the collection of 9 Oct`. */
  what: string;
  at: Date;
  auditSeq: number;
  /** False: shown, but no hindrance (extraction by the worker, a look). */
  isChange: boolean;
}

/** Whether this actor may approve this record now, and if not, why. */
export interface MayApprove {
  isAllowed: boolean;
  /** `You changed nothing here, so you may approve.`, or why not and who can. */
  sentence: string;
  /** A reason has to be given, because a check failed. */
  needsReason: boolean;
}
