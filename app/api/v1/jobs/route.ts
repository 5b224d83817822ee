import { route } from "@/lib/http/route";
import { createJobEndpoint, listJobsEndpoint } from "@/lib/jobs/endpoints";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = route(createJobEndpoint, listJobsEndpoint);
