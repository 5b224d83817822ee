import { describe, expect, it, vi } from "vitest";
import { z } from "zod";
import type { Actor } from "../auth/actor";
import type { Db } from "../db/client";
import { Conflict, TooManyRequests } from "../errors";
import { log } from "../log";
import { endpoint } from "./endpoint";
import { instant } from "./fields";

const requestDispatch = vi.hoisted(() => vi.fn());
vi.mock("../runtime", () => ({ requestDispatch }));

const db = {} as Db;
const viewer: Actor = { kind: "user", id: "u", name: "Vera", roles: ["viewer"] };
const operator: Actor = { ...viewer, roles: ["operator"] };

const echo = endpoint(
  {
    method: "POST",
    path: "/api/v1/echo/{id}",
    summary: "Echo",
    permission: "meters:edit",
    params: z.object({ id: z.uuid() }),
    query: z.object({
      meterId: z.array(z.uuid()).optional(),
      limit: z.number().int().max(1_000).default(10),
      force: z.boolean().optional(),
      from: instant.optional(),
    }),
    body: z.strictObject({ name: z.string().min(1), nested: z.strictObject({ n: z.number() }).optional() }),
    response: z.object({ query: z.unknown(), name: z.string() }),
    status: 201,
    bodyLimitBytes: 100,
  },
  async (_ctx, { query, body }) => ({ query, name: body.name, secret: "never declared" }),
);
const id = "01900000-0000-7000-8000-00000000000a";

async function send(query: string, body: BodyInit | undefined, actor: Actor = operator, headers: HeadersInit = {}) {
  const request = new Request(`http://x/api/v1/echo/${id}${query}`, {
    method: "POST",
    body,
    headers,
    duplex: "half",
  } as RequestInit);
  const response = await echo.answer(request, { id }, { db, actor });
  return { status: response.status, headers: response.headers, json: await response.json() };
}

/** An endpoint that throws this. */
async function failing(error: unknown) {
  const route = endpoint({ method: "GET", path: "/api/v1/failing", summary: "Fail" }, () => Promise.reject(error));
  const response = await route.answer(new Request("http://x/"), {}, { db, actor: viewer });
  return { status: response.status, headers: response.headers, text: await response.text() };
}

describe("an endpoint", () => {
  it("asks for a dispatch when its verb gave work to do, and does not wait for it", async () => {
    requestDispatch.mockReturnValue(new Promise(() => undefined));
    const route = endpoint({ method: "POST", path: "/api/v1/work", summary: "Work" }, async ({ startWork }) => {
      startWork?.();
      return undefined;
    });
    const response = await route.answer(new Request("http://x/", { method: "POST" }), {}, { db, actor: operator });
    expect(response.status).toBe(204);
    expect(requestDispatch).toHaveBeenCalledTimes(1);
  });

  it("reads repeated keys, numbers, booleans and instants by its schema, and answers only what it declares", async () => {
    const { status, json, headers } = await send(
      `?meterId=${id}&limit=7&force=true&from=2026-01-01T10:00:00%2B10:00`,
      '{"name":"a"}',
    );
    expect(status).toBe(201);
    expect(json).toEqual({
      name: "a",
      query: { meterId: [id], limit: 7, force: true, from: "2026-01-01T00:00:00.000Z" },
    });
    expect(headers.get("cache-control")).toBe("no-store");
    expect(headers.get("x-request-id")).toMatch(/^[0-9a-f-]{36}$/);
  });

  it.each([
    ["an unknown query key", "?limits=7", '{"name":"a"}', "limits"],
    ["a number that is none", "?limit=seven", '{"name":"a"}', "limit"],
    ["too large a page", "?limit=1001", '{"name":"a"}', "limit"],
    ["a key given twice", "?limit=1&limit=2", '{"name":"a"}', "limit"],
    ["an instant without zone", "?from=2026-01-01T10:00:00", '{"name":"a"}', "from"],
    ["a missing field", "", "{}", "name"],
    ["an unknown field", "", '{"name":"a","nmae":"b"}', "nmae"],
    ["a nested field", "", '{"name":"a","nested":{"n":"x"}}', "nested.n"],
    ["a NUL, which PostgreSQL cannot keep", "", '{"name":"a\\u0000"}', "name"],
    ["half a surrogate pair", "", '{"name":"\\ud800"}', "name"],
    ["a year that PostgreSQL writes otherwise", "?from=0000-01-01T00:00:00Z", '{"name":"a"}', "from"],
  ])("refuses %s by name", async (_what, query, body, field) => {
    const { status, json } = await send(query, body);
    expect(status).toBe(400);
    expect(json.error.code).toBe("invalid_input");
    expect(Object.keys(json.error.fields)).toEqual([field]);
    expect(json.error.message).toContain(field);
  });

  it("says that a body is needed where there is none", async () => {
    expect((await send("", undefined)).json.error).toMatchObject({ code: "invalid_input", message: /body is needed/ });
  });

  it("takes an instant to the minute", async () => {
    const { json } = await send("?from=2026-01-01T10:00Z", '{"name":"a"}');
    expect(json.query.from).toBe("2026-01-01T10:00:00.000Z");
  });

  it("refuses what is no JSON, and what is sent as something else", async () => {
    expect((await send("", "{")).json.error).toMatchObject({ code: "invalid_input", message: /no valid JSON/ });
    const form = await send("", "name=a", operator, { "content-type": "application/x-www-form-urlencoded" });
    expect(form.status).toBe(400);
  });

  it("refuses a body that is nested deeper than anybody means", async () => {
    const deep = `{"a":${"[".repeat(40)}${"]".repeat(40)}}`;
    expect((await send("", deep)).json.error).toMatchObject({ code: "invalid_input", message: /nested too deep/ });
  });

  it("refuses a body over the limit, also where its length is not told", async () => {
    const large = JSON.stringify({ name: "x".repeat(200) });
    expect(await send("", large)).toMatchObject({ status: 413, json: { error: { code: "too_large" } } });
    let pulled = 0;
    const endless = new ReadableStream({
      pull(controller) {
        pulled += 1;
        controller.enqueue(new Uint8Array(60));
      },
    });
    expect((await send("", endless)).status).toBe(413);
    expect(pulled).toBeLessThan(10);
  });

  it("refuses a role that lacks the permission before it reads the body", async () => {
    expect(await send("", "{", viewer)).toMatchObject({ status: 403, json: { error: { code: "forbidden" } } });
  });

  it("says when to come back", async () => {
    const { status, headers } = await failing(new TooManyRequests("Slowly.", 2.2));
    expect([status, headers.get("retry-after")]).toEqual([429, "3"]);
  });

  it("keeps an AppError's code and the caller's request id", async () => {
    const route = endpoint({ method: "GET", path: "/x", summary: "X" }, () => Promise.reject(new Conflict("Changed.")));
    const request = new Request("http://x/", { headers: { "x-request-id": "caller-12345" } });
    const response = await route.answer(request, {}, { db, actor: viewer });
    expect(response.status).toBe(409);
    expect(await response.json()).toEqual({
      error: { code: "conflict", message: "Changed.", requestId: "caller-12345" },
    });
    expect(response.headers.get("x-request-id")).toBe("caller-12345");
  });

  it("says nothing of an unknown error but the id under which it was logged", async () => {
    const logged = vi.spyOn(log, "error").mockImplementation(() => undefined);
    const { status, text } = await failing(new Error("hunter2 at 10.0.0.1"));
    expect(status).toBe(500);
    expect(text).not.toContain("hunter2");
    const { error } = JSON.parse(text);
    expect(error.code).toBe("internal");
    expect(logged).toHaveBeenCalledWith(expect.objectContaining({ requestId: error.requestId }), expect.anything());
    logged.mockRestore();
  });

  it("answers 503 while the database is away", async () => {
    const refused = Object.assign(new Error("connect ECONNREFUSED 127.0.0.1:5432"), { code: "ECONNREFUSED" });
    const { status, text } = await failing(refused);
    expect(status).toBe(503);
    expect(text).not.toContain("5432");
  });

  it("does not send an answer that is not what it declares", async () => {
    const logged = vi.spyOn(log, "error").mockImplementation(() => undefined);
    const route = endpoint(
      { method: "GET", path: "/x", summary: "X", response: z.object({ n: z.number() }) },
      async () => ({ n: "1" }) as unknown as { n: number },
    );
    expect((await route.answer(new Request("http://x/"), {}, { db, actor: viewer })).status).toBe(500);
    logged.mockRestore();
  });

  it("streams a Response of the handler's own", async () => {
    const route = endpoint(
      { method: "GET", path: "/x", summary: "X" },
      async () => new Response("a,b", { headers: { "Content-Type": "text/csv" } }),
    );
    const response = await route.answer(new Request("http://x/"), {}, { db, actor: viewer });
    expect(response.headers.get("content-type")).toBe("text/csv");
    expect(await response.text()).toBe("a,b");
  });
});
