export { createMeterEndpoint as POST, listMetersEndpoint as GET } from "@/lib/meters/endpoints";
