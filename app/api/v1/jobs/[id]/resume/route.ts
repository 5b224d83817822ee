export { resumeJobEndpoint as POST } from "@/lib/jobs/endpoints";
