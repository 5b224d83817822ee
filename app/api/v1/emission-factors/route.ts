export { listFactorsEndpoint as GET } from "@/lib/factors/endpoints";
