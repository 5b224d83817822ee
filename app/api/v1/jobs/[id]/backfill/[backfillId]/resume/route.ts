import { route } from "@/lib/http/route";
import { resumeBackfillEndpoint } from "@/lib/jobs/endpoints";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = route(resumeBackfillEndpoint);
