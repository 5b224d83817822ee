export { listQuotasEndpoint as GET } from "@/lib/quotas/endpoints";
