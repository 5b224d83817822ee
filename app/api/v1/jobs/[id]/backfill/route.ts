export { backfillEndpoint as POST, listBackfillsEndpoint as GET } from "@/lib/jobs/endpoints";
