import { route } from "@/lib/http/route";
import { resubmitRecordEndpoint } from "@/lib/mrv/submission/endpoints";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = route(resubmitRecordEndpoint);
