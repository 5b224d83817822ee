import { route } from "@/lib/http/route";
import { retryTasksEndpoint } from "@/lib/tasks/endpoints";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = route(retryTasksEndpoint);
