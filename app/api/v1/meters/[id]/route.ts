export {
  archiveMeterEndpoint as DELETE,
  getMeterEndpoint as GET,
  updateMeterEndpoint as PATCH,
} from "@/lib/meters/endpoints";
