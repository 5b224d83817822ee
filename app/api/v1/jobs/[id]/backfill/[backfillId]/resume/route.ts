export { resumeBackfillEndpoint as POST } from "@/lib/jobs/endpoints";
