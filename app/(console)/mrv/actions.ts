"use server";

import { action } from "@/lib/action";
import { correctRecord } from "@/lib/mrv/extraction/correct-record";
import { reextractRecord, reextractRecordInput } from "@/lib/mrv/extraction/reextract-record";
import { acknowledgeRestatement } from "@/lib/mrv/review/acknowledge-restatement";
import { approveRecord } from "@/lib/mrv/review/approve-record";
import { approveRecords } from "@/lib/mrv/review/approve-records";
import { previewApproval } from "@/lib/mrv/review/plan-approval";
import { rejectRecord } from "@/lib/mrv/review/reject-record";
import {
  acknowledgeRestatementInput,
  approveRecordInput,
  approveRecordsInput,
  previewApprovalInput,
  rejectRecordInput,
} from "@/lib/mrv/review/schemas";
import { decideUnknown } from "@/lib/mrv/submission/decide-unknown";
import { resubmitRecord } from "@/lib/mrv/submission/resubmit-record";
import { decideUnknownInput, resubmitRecordInput } from "@/lib/mrv/submission/schemas";

export const approveRecordAction = action(approveRecordInput, approveRecord);
export const rejectRecordAction = action(rejectRecordInput, rejectRecord);
export const previewApprovalAction = action(previewApprovalInput, previewApproval);
export const approveRecordsAction = action(approveRecordsInput, approveRecords);
export const decideUnknownAction = action(decideUnknownInput, decideUnknown);
export const resubmitRecordAction = action(resubmitRecordInput, resubmitRecord);
export const reextractRecordAction = action(reextractRecordInput, reextractRecord);
export const correctRecordAction = action(reextractRecordInput, correctRecord);
export const acknowledgeRestatementAction = action(acknowledgeRestatementInput, acknowledgeRestatement);
