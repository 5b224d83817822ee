import { pageOf } from "../../http/cursor";
import { endpoint } from "../../http/endpoint";
import { idParams } from "../../http/fields";
import { recordDto, recordSummaryDto } from "../schemas";
import { getRecord } from "./record";
import { listRecords, listRecordsQuery } from "./records";

export const listRecordsEndpoint = endpoint(
  {
    method: "GET",
    path: "/api/v1/mrv-records",
    summary: "MRV records, newest first",
    description: "`status` may be repeated.",
    query: listRecordsQuery,
    response: pageOf(recordSummaryDto),
  },
  (ctx, { query }) => listRecords(ctx, query),
);

export const getRecordEndpoint = endpoint(
  {
    method: "GET",
    path: "/api/v1/mrv-records/{id}",
    summary: "One record with its evidence, checks, signed bytes and every attempt to send them",
    description: "An approval binds to `evidenceHash`.",
    params: idParams,
    response: recordDto,
  },
  (ctx, { params }) => getRecord(ctx, { recordId: params.id }),
);
