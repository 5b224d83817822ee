import { z } from "zod";

const evidenceHash = z
  .string()
  .regex(/^[0-9a-f]{64}$/, "This is the record's evidenceHash, 64 hex digits.")
  .meta({ description: "Of the record as it was looked at: refused when it is another by now." });
export const reason = z.string().trim().min(1, "Say why.").max(2_000);

export const approveRecordBody = z.strictObject({
  evidenceHash,
  reason: reason.optional().meta({ description: "Needed where a check failed." }),
});
export const approveRecordInput = approveRecordBody.extend({ recordId: z.uuid() });

export const rejectRecordBody = z.strictObject({
  evidenceHash: evidenceHash
    .optional()
    .meta({ description: "Where given, refused when the record is another by now." }),
  reason,
});
export const rejectRecordInput = rejectRecordBody.extend({ recordId: z.uuid() });

export const acknowledgeRestatementBody = z.strictObject({
  seenAt: z.iso
    .datetime("This is the seenAt of the record's restatement.")
    .meta({ description: "Of the restatement as it was looked at: refused when readings changed further." }),
  reason,
});
export const acknowledgeRestatementInput = acknowledgeRestatementBody.extend({ recordId: z.uuid() });

/** A morning's records of a large fleet; more are approved in turns. */
const recordIds = z.array(z.uuid()).min(1).max(500);

export const previewApprovalInput = z.strictObject({ recordIds });
export const approveRecordsInput = z.strictObject({ recordIds, planToken: z.string().min(1) });

/** Body of `POST /mrv-records/approve-several`. */
export const approveSeveralBody = z
  .strictObject({ recordIds, dryRun: z.boolean().default(false), planToken: z.string().optional() })
  .refine((body) => body.dryRun || body.planToken !== undefined, {
    path: ["planToken"],
    error: "Ask with dryRun first, and send the planToken of its answer.",
  });

export const approvalPreviewDto = z.object({
  approvable: z.array(z.object({ recordId: z.uuid(), evidenceHash: z.string() })),
  refused: z
    .array(z.object({ recordId: z.uuid(), sentence: z.string() }))
    .meta({ description: "Left alone, each with why: several are approved at once only where every check passed." }),
  planToken: z.string(),
});
export type ApprovalPreview = z.input<typeof approvalPreviewDto>;

export const approvedDto = z.object({ approved: z.number().int() });
