import { route } from "@/lib/http/route";
import { backfillEndpoint, listBackfillsEndpoint } from "@/lib/jobs/endpoints";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = route(backfillEndpoint, listBackfillsEndpoint);
