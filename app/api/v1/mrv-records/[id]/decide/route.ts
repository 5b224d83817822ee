import { route } from "@/lib/http/route";
import { decideUnknownEndpoint } from "@/lib/mrv/submission/endpoints";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = route(decideUnknownEndpoint);
