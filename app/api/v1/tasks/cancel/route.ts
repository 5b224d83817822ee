import { route } from "@/lib/http/route";
import { cancelTasksEndpoint } from "@/lib/tasks/endpoints";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = route(cancelTasksEndpoint);
