import { route } from "@/lib/http/route";
import { ingestUploadsEndpoint } from "@/lib/uploads/endpoints";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = route(ingestUploadsEndpoint);
