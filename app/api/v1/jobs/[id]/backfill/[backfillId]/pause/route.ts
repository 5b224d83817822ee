import { route } from "@/lib/http/route";
import { pauseBackfillEndpoint } from "@/lib/jobs/endpoints";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = route(pauseBackfillEndpoint);
