import { z } from "zod";
import { endpoint } from "../../http/endpoint";
import { idParams } from "../../http/fields";
import { recordSummaryDto } from "../schemas";
import { acknowledgeRestatement } from "./acknowledge-restatement";
import { approveRecord } from "./approve-record";
import { approveRecords } from "./approve-records";
import { previewApproval } from "./plan-approval";
import { rejectRecord } from "./reject-record";
import {
  acknowledgeRestatementBody,
  approvalPreviewDto,
  approvedDto,
  approveRecordBody,
  approveSeveralBody,
  rejectRecordBody,
} from "./schemas";

export const approveRecordEndpoint = endpoint(
  {
    method: "POST",
    path: "/api/v1/mrv-records/{id}/approve",
    summary: "Put your name under a record and have it submitted",
    description:
      "Refused where you, or a token you made, changed the meter, its jobs, its device or its data of the period.",
    permission: "mrv:review",
    params: idParams,
    body: approveRecordBody,
    response: recordSummaryDto,
  },
  (ctx, { params, body }) => approveRecord(ctx, { ...body, recordId: params.id }),
);

export const rejectRecordEndpoint = endpoint(
  {
    method: "POST",
    path: "/api/v1/mrv-records/{id}/reject",
    summary: "Turn a record down: it is never submitted",
    permission: "mrv:review",
    params: idParams,
    body: rejectRecordBody,
    response: recordSummaryDto,
  },
  (ctx, { params, body }) => rejectRecord(ctx, { ...body, recordId: params.id }),
);

export const acknowledgeRestatementEndpoint = endpoint(
  {
    method: "POST",
    path: "/api/v1/mrv-records/{id}/acknowledge",
    summary: "Say that you have looked at a submitted record whose readings changed",
    description: "Only where no correction can be made of it. A further change of its readings needs a person again.",
    permission: "mrv:review",
    params: idParams,
    body: acknowledgeRestatementBody,
    response: recordSummaryDto,
  },
  (ctx, { params, body }) => acknowledgeRestatement(ctx, { ...body, recordId: params.id }),
);

export const approveSeveralEndpoint = endpoint(
  {
    method: "POST",
    path: "/api/v1/mrv-records/approve-several",
    summary: "Approve records whose checks all passed",
    description:
      "With dryRun which of them, and a planToken; without it, exactly those, or none where anything changed since.",
    permission: "mrv:review",
    body: approveSeveralBody,
    response: z.union([approvalPreviewDto, approvedDto]),
  },
  (
    ctx,
    { body: { dryRun, planToken, recordIds } },
  ): Promise<z.input<typeof approvalPreviewDto> | { approved: number }> =>
    dryRun ? previewApproval(ctx, { recordIds }) : approveRecords(ctx, { recordIds, planToken: planToken ?? "" }),
);
