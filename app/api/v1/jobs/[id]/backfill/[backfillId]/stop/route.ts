export { stopBackfillEndpoint as POST } from "@/lib/jobs/endpoints";
