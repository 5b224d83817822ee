import { createFactorEndpoint, listFactorsEndpoint } from "@/lib/factors/endpoints";
import { route } from "@/lib/http/route";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = route(createFactorEndpoint, listFactorsEndpoint);
