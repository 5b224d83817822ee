import { endpoint } from "../../http/endpoint";
import { idParams } from "../../http/fields";
import { recordSummaryDto } from "../schemas";
import { decideUnknown } from "./decide-unknown";
import { resubmitRecord } from "./resubmit-record";
import { decideUnknownBody, resubmitRecordBody } from "./schemas";

export const resubmitRecordEndpoint = endpoint(
  {
    method: "POST",
    path: "/api/v1/mrv-records/{id}/resubmit",
    summary: "Send a record whose submission failed again, the same bytes",
    permission: "mrv:review",
    params: idParams,
    body: resubmitRecordBody,
    response: recordSummaryDto,
  },
  (ctx, { params, body }) => resubmitRecord(ctx, { ...body, recordId: params.id }),
);

export const decideUnknownEndpoint = endpoint(
  {
    method: "POST",
    path: "/api/v1/mrv-records/{id}/decide",
    summary: "Say whether a record arrived of which nobody knew",
    description: "Only for `submission_unknown`. What has not arrived can be resubmitted then.",
    permission: "mrv:review",
    params: idParams,
    body: decideUnknownBody,
    response: recordSummaryDto,
  },
  (ctx, { params, body }) => decideUnknown(ctx, { ...body, recordId: params.id }),
);
