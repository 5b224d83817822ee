export { pauseJobEndpoint as POST } from "@/lib/jobs/endpoints";
