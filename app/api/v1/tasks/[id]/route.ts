import { route } from "@/lib/http/route";
import { getTaskEndpoint } from "@/lib/tasks/endpoints";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = route(getTaskEndpoint);
