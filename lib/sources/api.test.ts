import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";
import { afterEach, describe, expect, it } from "vitest";
import { SourceError } from "../connectors/source-error";
import { Forbidden } from "../errors";
import { type ApiFetchOptions, createApiFetch } from "./api";

let server: Server | undefined;
let calls = 0;

async function serve(listener: RequestListener): Promise<string> {
  calls = 0;
  server = createServer((req, res) => {
    calls += 1;
    listener(req, res);
  });
  await new Promise<void>((resolve) => server?.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

afterEach(async () => {
  server?.closeAllConnections();
  await new Promise((resolve) => (server ? server.close(resolve) : resolve(undefined)));
  server = undefined;
});

const apiFetch = (over: Partial<ApiFetchOptions> = {}) =>
  createApiFetch({ fetch, takeQuota: async () => undefined, timeoutMs: 5_000, maxBytes: 1_000, ...over });

const failureOf = async (promise: Promise<unknown>): Promise<SourceError> => {
  const error = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof SourceError)) throw new Error(`Expected a SourceError, got ${String(error)}`);
  return error;
};

describe("the fetch of connectors", () => {
  it("gives status, headers and unpacked bytes", async () => {
    const base = await serve((_, res) => {
      res.writeHead(422, { "content-encoding": "gzip", "x-ratelimit-tpslimit": "5" });
      res.end(gzipSync("hello"));
    });
    const told: (string | null)[] = [];
    const response = await apiFetch({ onHeaders: (headers) => void told.push(headers.get("x-ratelimit-tpslimit")) })(
      base,
    );
    expect(response.status).toBe(422);
    expect(await response.text()).toBe("hello");
    expect(response.headers.get("content-encoding")).toBeNull();
    expect(told).toEqual(["5"]);
  });

  it("passes an answer without a body", async () => {
    const base = await serve((_, res) => res.writeHead(204).end());
    const response = await apiFetch()(base);
    expect([response.status, (await response.arrayBuffer()).byteLength]).toEqual([204, 0]);
  });

  it("takes quota before the call, and makes no call when it is spent", async () => {
    const base = await serve((_, res) => res.end("x"));
    const spent = new SourceError("QUOTA_SPENT", "Spent.", { isRetryable: true, waitReason: "quota" });
    expect(await failureOf(apiFetch({ takeQuota: () => Promise.reject(spent) })(base))).toBe(spent);
    expect(calls).toBe(0);
  });

  it("gives up when no answer comes, and when the body does not end", async () => {
    const silent = await serve(() => undefined);
    expect(await failureOf(apiFetch({ timeoutMs: 50 })(silent))).toMatchObject({
      code: "TIMED_OUT",
      isRetryable: true,
    });
    const endless: typeof fetch = async (_, init) =>
      new Response(
        new ReadableStream({
          start: (body) => {
            body.enqueue(new Uint8Array(1));
            init?.signal?.addEventListener("abort", () => body.error(init.signal?.reason));
          },
        }),
      );
    const error = await failureOf(apiFetch({ timeoutMs: 50, fetch: endless })("http://vendor.example/"));
    expect(error).toMatchObject({ code: "TIMED_OUT", isRetryable: true, answer: { status: 200 } });
    expect(error.message).toContain("did not finish its answer");
  });

  it("refuses a body over the limit before it is whole, unpacked size counts", async () => {
    const base = await serve((_, res) => {
      res.writeHead(200, { "content-encoding": "gzip" });
      res.end(gzipSync(Buffer.alloc(1_001)));
    });
    expect(await failureOf(apiFetch()(base))).toMatchObject({ code: "ANSWER_TOO_LARGE", isRetryable: false });
    expect((await apiFetch({ maxBytes: 1_001 })(base)).status).toBe(200);
  });

  it("says why an address cannot be reached, without the secrets of the request", async () => {
    const base = await serve((_, res) => res.end());
    server?.close();
    await new Promise((resolve) => server?.once("close", resolve));
    const error = await failureOf(
      apiFetch()(`${base}/x?api_key=hush&hours=2`, { headers: { authorization: "Bearer hush" } }),
    );
    expect(error).toMatchObject({ code: "UNREACHABLE", isRetryable: true });
    expect(error.message).toContain("connection refused");
    expect(error.answer?.request).toBe(`GET ${base}/x?api_key=removed&hours=2`);
    expect(JSON.stringify([error.message, error.answer])).not.toContain("hush");
  });

  it("tells a connection that broke in the middle from one that was never made", async () => {
    const base = await serve((_, res) => {
      res.writeHead(200, { "content-length": "100" });
      res.write("half", () => res.destroy());
    });
    expect(await failureOf(apiFetch()(base))).toMatchObject({ code: "CUT_OFF", isRetryable: true });
  });

  it("passes what the address guard says, also from behind a failed connection", async () => {
    const guard = new Forbidden("Private addresses are not allowed.");
    await expect(apiFetch({ fetch: () => Promise.reject(guard) })("http://10.0.0.1/")).rejects.toBe(guard);
    const wrapped = new TypeError("fetch failed", { cause: guard });
    await expect(apiFetch({ fetch: () => Promise.reject(wrapped) })("http://10.0.0.1/")).rejects.toBe(guard);
  });

  it("lets its caller abort", async () => {
    const silent = await serve(() => undefined);
    const stop = new AbortController();
    const pending = apiFetch()(silent, { signal: stop.signal });
    stop.abort(new Error("no longer wanted"));
    await expect(pending).rejects.toThrow("no longer wanted");
  });
});
