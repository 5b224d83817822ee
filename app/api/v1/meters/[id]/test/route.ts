import { route } from "@/lib/http/route";
import { testMeterEndpoint } from "@/lib/meters/endpoints";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = route(testMeterEndpoint);
