export { listTasksEndpoint as GET } from "@/lib/tasks/endpoints";
