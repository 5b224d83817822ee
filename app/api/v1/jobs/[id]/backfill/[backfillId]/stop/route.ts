import { route } from "@/lib/http/route";
import { stopBackfillEndpoint } from "@/lib/jobs/endpoints";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = route(stopBackfillEndpoint);
