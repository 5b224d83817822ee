import { route } from "@/lib/http/route";
import { acknowledgeRestatementEndpoint } from "@/lib/mrv/review/endpoints";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = route(acknowledgeRestatementEndpoint);
