import { route } from "@/lib/http/route";
import { rejectRecordEndpoint } from "@/lib/mrv/review/endpoints";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = route(rejectRecordEndpoint);
