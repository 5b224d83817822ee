export { endJobEndpoint as DELETE, getJobEndpoint as GET, updateJobEndpoint as PATCH } from "@/lib/jobs/endpoints";
