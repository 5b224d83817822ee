import { route } from "@/lib/http/route";
import { listQuotasEndpoint } from "@/lib/quotas/endpoints";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = route(listQuotasEndpoint);
