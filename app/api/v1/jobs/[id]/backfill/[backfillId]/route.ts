import { route } from "@/lib/http/route";
import { getBackfillEndpoint } from "@/lib/jobs/endpoints";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = route(getBackfillEndpoint);
