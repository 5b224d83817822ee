import { route } from "@/lib/http/route";
import { pauseJobEndpoint } from "@/lib/jobs/endpoints";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = route(pauseJobEndpoint);
