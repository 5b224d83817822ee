import { route } from "@/lib/http/route";
import { resumeJobEndpoint } from "@/lib/jobs/endpoints";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = route(resumeJobEndpoint);
