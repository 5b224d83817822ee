import { route } from "@/lib/http/route";
import { approveRecordEndpoint } from "@/lib/mrv/review/endpoints";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = route(approveRecordEndpoint);
