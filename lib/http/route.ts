import { MethodNotAllowed } from "../errors";
import { type Endpoint, type EndpointDefinition, requestIdOf } from "./endpoint";
import { errorResponse } from "./error-response";

type Method = EndpointDefinition["method"];
type Handler = (request: Request, context: { params: Promise<unknown> }) => Response | Promise<Response>;

const methods: readonly Method[] = ["GET", "POST", "PUT", "PATCH", "DELETE"];

/**
 * What a route file exports: its endpoints by their methods. Every other method answers 405 in the form of all errors; by itself
 * Next answers without a body. HEAD is Next's, by way of GET.
 */
export function route(...endpoints: readonly Endpoint[]): Record<Method | "OPTIONS", Handler> {
  const served = new Map<string, Handler>(endpoints.map((endpoint) => [endpoint.definition.method, endpoint]));
  const allowed = [
    ...methods.filter((method) => served.has(method)),
    ...(served.has("GET") ? ["HEAD"] : []),
    "OPTIONS",
  ];
  const allow = allowed.join(", ");
  const refuse: Handler = (request) => errorResponse(new MethodNotAllowed(request.method, allow), requestIdOf(request));
  const options: Handler = () => new Response(null, { status: 204, headers: { Allow: allow } });
  const byMethod = Object.fromEntries(methods.map((method) => [method, served.get(method) ?? refuse]));
  return { ...(byMethod as Record<Method, Handler>), OPTIONS: options };
}
