import { route } from "@/lib/http/route";
import { readMeterDataEndpoint } from "@/lib/readings/endpoints";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = route(readMeterDataEndpoint);
