export { coverageEndpoint as GET } from "@/lib/readings/endpoints";
