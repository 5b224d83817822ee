import http from "node:http";
import type { Engine } from "../engine";
import { EventRefused, receiveEvents } from "../events/receive-events";
import { hashSigningKey, sameText } from "../protocol/signature";
import { RegistrationError } from "../registration/function-config";
import { parseRegistration, registerApp } from "../registration/register-app";
import type { SyncLoop } from "../registration/sync-loop";
import { joinSteps } from "../runs/build-call";
import { finishRun } from "../runs/finish-run";
import { findRun, findRunsOfEvent } from "./read-runs";

const maxBodyBytes = 16 * 1_048_576;

interface Reply {
  status: number;
  body: string;
}

class HttpError extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

/** The HTTP side of the server: events and registrations come in, runs can be read. */
export function createHttpServer(engine: Engine, sync: SyncLoop): http.Server {
  return http.createServer((request, response) => {
    answer(engine, sync, request)
      .catch((error: unknown): Reply => failure(engine, error))
      .then(({ status, body }) => {
        response.writeHead(status, { "content-type": "application/json", "x-inngest-server-kind": "cloud" });
        response.end(body);
      });
  });
}

async function answer(engine: Engine, sync: SyncLoop, request: http.IncomingMessage): Promise<Reply> {
  const url = new URL(request.url ?? "/", "http://localhost");
  const route = `${request.method} ${url.pathname}`;
  const match = (pattern: RegExp): string | undefined => {
    const found = pattern.exec(route)?.[1];
    return found === undefined ? undefined : decodeURIComponent(found);
  };

  if (route === "GET /health") return health(engine, sync);
  const eventKey = match(/^POST \/e\/([^/]+)$/);
  if (eventKey !== undefined) return takeEvents(engine, request, eventKey);

  if (!isSigned(engine, request)) throw new HttpError(401, "The signing key is missing or wrong");
  if (route === "POST /fn/register") return register(engine, request);
  const actionsOf = match(/^GET \/v0\/runs\/([^/]+)\/actions$/);
  if (actionsOf) {
    const steps = await engine.sql<{ id: string; result: string }[]>`
      select id, result from step where run_id = ${actionsOf} order by seq`;
    return { status: 200, body: joinSteps(steps) };
  }
  const batchOf = match(/^GET \/v0\/runs\/([^/]+)\/batch$/);
  if (batchOf) {
    const [row] = await engine.sql<{ body: string }[]>`
      select event.body from run join event on event.id = run.event_id where run.id = ${batchOf}`;
    if (!row) throw new HttpError(404, `There is no run ${batchOf}`);
    return { status: 200, body: `[${row.body}]` };
  }
  const runsOf = match(/^GET \/v1\/events\/([^/]+)\/runs$/);
  if (runsOf) return json(200, { data: await findRunsOfEvent(engine.sql, runsOf), metadata: metadata() });
  const runId = match(/^GET \/v1\/runs\/([^/]+)$/);
  if (runId) {
    const run = await findRun(engine.sql, runId);
    if (!run) throw new HttpError(404, `There is no run ${runId}`);
    return json(200, { data: run, metadata: metadata() });
  }
  const cancelId = match(/^DELETE \/v1\/runs\/([^/]+)$/);
  if (cancelId) {
    await engine.transactions.run(async (tx) => {
      await tx`select 1 from run where id = ${cancelId} for update`;
      await finishRun(engine, tx, cancelId, { status: "cancelled" });
    });
    engine.jobsChanged();
    return { status: 204, body: "" };
  }
  throw new HttpError(404, `${route} is not served here`);
}

async function takeEvents(engine: Engine, request: http.IncomingMessage, key: string): Promise<Reply> {
  if (!sameText(key, engine.settings.eventKey)) throw new HttpError(401, "Event key not found");
  const seed = request.headers["x-inngest-event-id-seed"];
  const ids = await receiveEvents(engine, await readJson(request), typeof seed === "string" ? seed : undefined);
  return json(200, { ids, status: 200 });
}

async function register(engine: Engine, request: http.IncomingMessage): Promise<Reply> {
  const kind = request.headers["x-inngest-expected-server-kind"];
  if (kind !== undefined && kind !== "cloud")
    throw new HttpError(400, `Expected server kind ${kind}, this one is cloud`);
  try {
    const modified = await registerApp(engine, parseRegistration(await readJson(request), engine.settings));
    return json(200, { ok: true, modified });
  } catch (error) {
    if (!(error instanceof RegistrationError)) throw error;
    engine.settings.log("warn", "registration refused", { problem: error.message });
    throw new HttpError(400, error.message);
  }
}

async function health(engine: Engine, sync: SyncLoop): Promise<Reply> {
  const apps = await engine.sql`
    select app.id, app.url, app.sdk, app.synced_at, count(function.id)::int as functions
    from app left join function on function.app_id = app.id and archived_at is null group by app.id order by app.id`;
  return json(200, { status: 200, message: "OK", apps, sync_problems: sync.problems });
}

function isSigned(engine: Engine, request: http.IncomingMessage): boolean {
  const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? "")?.[1];
  return token !== undefined && sameText(token, hashSigningKey(engine.settings.signingKey));
}

async function readJson(request: http.IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxBodyBytes) throw new HttpError(413, "The request is larger than 16 MB");
    chunks.push(chunk);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString("utf8")) as unknown;
  } catch {
    throw new HttpError(400, "The body is not JSON");
  }
}

function failure(engine: Engine, error: unknown): Reply {
  if (error instanceof HttpError) return json(error.status, { status: error.status, error: error.message });
  if (error instanceof EventRefused) return json(400, { status: 400, ids: [], error: error.message });
  engine.settings.log("error", "a request failed", { error: String(error) });
  return json(500, { status: 500, error: "Internal server error" });
}

function json(status: number, value: unknown): Reply {
  return { status, body: JSON.stringify(value) };
}

function metadata(): { fetched_at: string; cached_until: null } {
  return { fetched_at: new Date().toISOString(), cached_until: null };
}
