import { route } from "@/lib/http/route";
import { endJobEndpoint, getJobEndpoint, updateJobEndpoint } from "@/lib/jobs/endpoints";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = route(endJobEndpoint, getJobEndpoint, updateJobEndpoint);
