export { readMeterDataEndpoint as GET } from "@/lib/readings/endpoints";
