export { listAuditLogEndpoint as GET } from "@/lib/audit/endpoints";
