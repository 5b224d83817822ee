export { cancelTasksEndpoint as POST } from "@/lib/tasks/endpoints";
