import { route } from "@/lib/http/route";
import { discardUploadEndpoint } from "@/lib/uploads/endpoints";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = route(discardUploadEndpoint);
