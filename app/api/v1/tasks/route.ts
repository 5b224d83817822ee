import { route } from "@/lib/http/route";
import { listTasksEndpoint } from "@/lib/tasks/endpoints";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = route(listTasksEndpoint);
