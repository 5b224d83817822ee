import { previewDeviceEndpoint } from "@/lib/devices/endpoints";
import { route } from "@/lib/http/route";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = route(previewDeviceEndpoint);
