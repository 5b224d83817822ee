import { openApiDocument } from "@/lib/http/openapi";

/** Holds nothing but the form of the API: anybody may read it. */
export function GET(): Response {
  return Response.json(openApiDocument());
}
