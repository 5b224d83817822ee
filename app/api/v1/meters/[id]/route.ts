import { route } from "@/lib/http/route";
import { archiveMeterEndpoint, getMeterEndpoint, updateMeterEndpoint } from "@/lib/meters/endpoints";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = route(
  archiveMeterEndpoint,
  getMeterEndpoint,
  updateMeterEndpoint,
);
