export { pauseBackfillEndpoint as POST } from "@/lib/jobs/endpoints";
