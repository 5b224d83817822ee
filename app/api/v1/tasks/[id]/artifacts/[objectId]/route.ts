export { getArtifactEndpoint as GET } from "@/lib/tasks/endpoints";
