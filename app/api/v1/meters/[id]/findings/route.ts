import { listFindingsEndpoint } from "@/lib/findings/endpoints";
import { route } from "@/lib/http/route";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = route(listFindingsEndpoint);
