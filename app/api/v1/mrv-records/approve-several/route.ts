import { route } from "@/lib/http/route";
import { approveSeveralEndpoint } from "@/lib/mrv/review/endpoints";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = route(approveSeveralEndpoint);
