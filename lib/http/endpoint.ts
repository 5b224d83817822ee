/**
 * The one wrapper of API v1 routes.
 *
 * Definitions live in `lib/<noun>/endpoints.ts`, one exported const each, and that module is listed once in
 * `lib/http/all-endpoints.ts`, from which `GET /api/v1/openapi.json` is generated. A route file only names them:
 *
 *     // lib/jobs/endpoints.ts
 *     export const pauseJobEndpoint = endpoint(
 *       { method: "POST", path: "/api/v1/jobs/{id}/pause", summary: "Stop a job from creating tasks",
 *         permission: "jobs:operate", params: idParams, body: z.strictObject({ reason: z.string().optional() }), response: jobDto },
 *       (ctx, { params, body }) => pauseJob(ctx, { jobId: params.id, ...body }),
 *     );
 *     // app/api/v1/jobs/[id]/pause/route.ts
 *     export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = route(pauseJobEndpoint);
 *
 * It authenticates (bearer token, or the session with a same-origin check for unsafe methods), refuses an actor without
 * `permission` (the verb authorises again, per meter), and validates params, query and body. Query fields are declared as what
 * they are (`z.number()`, `z.boolean()`, `z.array(z.uuid())` for a repeatable key): text is converted by the schema; unknown query
 * keys are refused. A verb that parses again needs schemas that accept their own output (`instant` of `fields.ts` does).
 * What the handler gives back goes through `response` (so nothing undeclared leaves), or is a Response of its own, for streams.
 *
 * Tests call `someEndpoint.answer(request, params, { db, actor, worker })`, without Next and without a session.
 */
import type { z } from "zod";
import { type Actor, can } from "../auth/actor";
import { actorFromRequest } from "../auth/actor-from-request";
import type { Permission } from "../auth/roles";
import type { WorkerCtx } from "../ctx";
import type { Db } from "../db/client";
import { Forbidden, InvalidInput } from "../errors";
import { parseInput } from "../field-errors";
import { newId } from "../ids";
import type { Worker } from "../pipeline/worker";
import { getDb, getWorker, requestDispatch } from "../runtime";
import { errorResponse } from "./error-response";
import { instruments } from "./prometheus";
import { readJson, readQuery } from "./read-request";

export interface EndpointDefinition {
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** As in OpenAPI: `/api/v1/meters/{id}`. */
  path: string;
  summary: string;
  description?: string;
  /** What the actor needs, `fleet:read` by default; null for what anybody may read. */
  permission?: Permission | null;
  params?: z.ZodObject;
  query?: z.ZodObject;
  body?: z.ZodType;
  /** Media type of a body that the handler streams itself, instead of `body`. */
  consumes?: string;
  /** Left out for 204 and for Responses that the handler makes itself. */
  response?: z.ZodType;
  /** Media type of a Response that the handler makes itself, for the documentation. */
  produces?: readonly string[];
  /** Of success: 200 by default, 204 where nothing is given back. */
  status?: number;
  /** 1 MiB by default. */
  bodyLimitBytes?: number;
}

type Out<S> = S extends z.ZodType ? z.output<S> : undefined;
type Answer<S> = S extends z.ZodType ? z.input<S> | Response : Response | undefined;

export interface EndpointInput<D extends EndpointDefinition> {
  params: Out<D["params"]>;
  query: Out<D["query"]>;
  body: Out<D["body"]>;
}

/** Where a request is answered: the process's own by default, a test's otherwise. */
export interface Environment {
  db: Db;
  actor?: Actor;
  worker?: Worker;
}

export interface Endpoint {
  (request: Request, context: { params: Promise<unknown> }): Promise<Response>;
  definition: EndpointDefinition;
  answer(request: Request, params: unknown, environment: Environment): Promise<Response>;
}

export function endpoint<const D extends EndpointDefinition>(
  definition: D,
  handle: (ctx: WorkerCtx, input: EndpointInput<D>, request: Request) => Promise<Answer<D["response"]>>,
): Endpoint {
  async function respond(request: Request, params: unknown, environment: () => Environment, requestId: string) {
    const { db, actor: givenActor, worker } = environment();
    const actor = givenActor ?? (await actorOf(definition, request, db));
    const permission = definition.permission === undefined ? "fleet:read" : definition.permission;
    if (permission && !can(actor, permission)) throw new Forbidden(`Your role does not allow this (${permission}).`);
    const input = {
      params: definition.params && parseInput(definition.params, params),
      query:
        definition.query &&
        parseInput(definition.query.strict(), readQuery(definition.query, new URL(request.url).searchParams)),
      body: definition.body && parseBody(definition.body, await readJson(request, definition.bodyLimitBytes)),
    } as EndpointInput<D>;
    const ctx: WorkerCtx = {
      db,
      actor,
      startWork: () => void requestDispatch(),
      get worker() {
        return worker ?? getWorker();
      },
    };
    return asResponse(definition, await handle(ctx, input, request), requestId);
  }

  async function timed(request: Request, params: () => unknown, environment: () => Environment): Promise<Response> {
    const startedAt = performance.now();
    const requestId = requestIdOf(request);
    const { method, path } = definition;
    let response: Response;
    try {
      response = await respond(request, await params(), environment, requestId);
    } catch (error) {
      response = errorResponse(error, requestId, { method, route: path });
    }
    const seconds = (performance.now() - startedAt) / 1_000;
    instruments().requestSeconds.observe({ method, route: path, status: String(response.status) }, seconds);
    return response;
  }

  const route = (request: Request, context: { params: Promise<unknown> }) =>
    timed(
      request,
      () => context.params,
      () => ({ db: getDb() }),
    );
  return Object.assign(route, {
    definition,
    answer: (request: Request, params: unknown, environment: Environment) =>
      timed(
        request,
        () => params,
        () => environment,
      ),
  });
}

export function isEndpoint(value: unknown): value is Endpoint {
  return typeof value === "function" && "definition" in value && "answer" in value;
}

/** A caller's own id is kept, so that its log and ours can be laid side by side. */
export function requestIdOf(request: Request): string {
  const given = request.headers.get("x-request-id");
  return given && /^[A-Za-z0-9._-]{8,64}$/.test(given) ? given : newId();
}

function parseBody<S extends z.ZodType>(schema: S, body: unknown): z.output<S> {
  if (body === undefined && !schema.safeParse(body).success) throw new InvalidInput("A body is needed: send JSON.");
  return parseInput(schema, body);
}

async function actorOf(definition: EndpointDefinition, request: Request, db: Db): Promise<Actor> {
  // Without roles: whatever a handler calls, every verb still refuses.
  if (definition.permission === null) return { kind: "token", id: "", name: "anybody", roles: [], meterIds: [] };
  return actorFromRequest(request, db);
}

function asResponse(definition: EndpointDefinition, answer: unknown, requestId: string): Response {
  if (answer instanceof Response) {
    const headers = new Headers(answer.headers);
    headers.set("X-Request-Id", requestId);
    if (!headers.has("Cache-Control")) headers.set("Cache-Control", "no-store");
    return new Response(answer.body, { status: answer.status, statusText: answer.statusText, headers });
  }
  const headers = { "Cache-Control": "no-store", "X-Request-Id": requestId };
  if (!definition.response) return new Response(null, { status: definition.status ?? 204, headers });
  const parsed = definition.response.safeParse(answer);
  if (!parsed.success) {
    const where = parsed.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`).join("; ");
    throw new Error(`${definition.method} ${definition.path} does not answer what it declares: ${where}`);
  }
  return Response.json(parsed.data, { status: definition.status ?? 200, headers });
}
