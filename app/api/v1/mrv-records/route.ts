import { route } from "@/lib/http/route";
import { listRecordsEndpoint } from "@/lib/mrv/queries/endpoints";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = route(listRecordsEndpoint);
