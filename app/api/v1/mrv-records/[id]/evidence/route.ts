import { route } from "@/lib/http/route";
import { getEvidenceEndpoint } from "@/lib/mrv/evidence/endpoints";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = route(getEvidenceEndpoint);
