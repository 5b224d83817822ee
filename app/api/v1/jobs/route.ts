export { createJobEndpoint as POST, listJobsEndpoint as GET } from "@/lib/jobs/endpoints";
