import { listAuditLogEndpoint } from "@/lib/audit/endpoints";
import { route } from "@/lib/http/route";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = route(listAuditLogEndpoint);
