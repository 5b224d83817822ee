import { route } from "@/lib/http/route";
import { createMeterEndpoint, listMetersEndpoint } from "@/lib/meters/endpoints";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = route(createMeterEndpoint, listMetersEndpoint);
