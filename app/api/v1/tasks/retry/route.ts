export { retryTasksEndpoint as POST } from "@/lib/tasks/endpoints";
