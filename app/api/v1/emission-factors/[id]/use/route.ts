import { factorUseEndpoint } from "@/lib/factors/endpoints";
import { route } from "@/lib/http/route";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = route(factorUseEndpoint);
