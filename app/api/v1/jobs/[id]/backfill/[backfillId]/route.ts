export { getBackfillEndpoint as GET } from "@/lib/jobs/endpoints";
