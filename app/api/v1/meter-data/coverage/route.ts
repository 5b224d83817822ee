import { route } from "@/lib/http/route";
import { coverageEndpoint } from "@/lib/readings/endpoints";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = route(coverageEndpoint);
