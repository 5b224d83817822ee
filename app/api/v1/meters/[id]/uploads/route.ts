import { route } from "@/lib/http/route";
import { listUploadsEndpoint, receiveUploadEndpoint } from "@/lib/uploads/endpoints";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = route(listUploadsEndpoint, receiveUploadEndpoint);
