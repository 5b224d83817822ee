export { testMeterEndpoint as POST } from "@/lib/meters/endpoints";
