import { pageOf } from "../http/cursor";
import { endpoint } from "../http/endpoint";
import { listQuotas, listQuotasQuery, quotaDto } from "./queries";

export const listQuotasEndpoint = endpoint(
  {
    method: "GET",
    path: "/api/v1/quotas",
    summary: "Calls left by source account",
    query: listQuotasQuery,
    response: pageOf(quotaDto),
  },
  (ctx, { query }) => listQuotas(ctx, query),
);
