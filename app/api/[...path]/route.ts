import { NotFound } from "@/lib/errors";
import { requestIdOf } from "@/lib/http/endpoint";
import { errorResponse } from "@/lib/http/error-response";

/** Whatever no other route answers: an error of the API's form instead of a page. */
function handler(request: Request): Response {
  return errorResponse(new NotFound("There is no such call. GET /api/docs lists them."), requestIdOf(request));
}

export { handler as DELETE, handler as GET, handler as OPTIONS, handler as PATCH, handler as POST, handler as PUT };
