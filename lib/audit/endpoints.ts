import { pageOf } from "../http/cursor";
import { endpoint } from "../http/endpoint";
import { auditQuery, auditRowDto, listAuditLog } from "./queries";

export const listAuditLogEndpoint = endpoint(
  {
    method: "GET",
    path: "/api/v1/audit-log",
    summary: "Who changed what, newest first",
    permission: "audit:read",
    query: auditQuery,
    response: pageOf(auditRowDto),
  },
  (ctx, { query }) => listAuditLog(ctx, query),
);
