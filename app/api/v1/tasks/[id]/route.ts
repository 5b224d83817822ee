export { getTaskEndpoint as GET } from "@/lib/tasks/endpoints";
