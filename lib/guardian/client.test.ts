import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer, type Server, type Socket } from "node:net";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type GuardianSimulator, startGuardianSimulator } from "../../e2e/simulators/guardian/simulator";
import { enrol, signAsDevice } from "../../e2e/simulators/guardian/testing";
import { createAddressGuard } from "../net/address-guard";
import { sha256Hex } from "../secrets";
import { requestBody, type SendResult, sendRecord } from "./client";
import type { ExternalRoute } from "./routes";
import { verdictOfError } from "./send-failure";
import { testServers } from "./testing-servers";

const guard = createAddressGuard({ allowed: ["127.0.0.0/8", "::1", "localhost"] });
const small = new TextEncoder().encode('{"document":{}}');

function send(
  guardianUrl: string,
  {
    body = small,
    route = {},
    timeoutMs = 5_000,
  }: { body?: Uint8Array; route?: ExternalRoute; timeoutMs?: number } = {},
): Promise<SendResult> {
  return sendRecord({ fetch: guard.fetch, guardianUrl, route, body, timeoutMs });
}

const { listen: portOf, servers } = testServers();
const listen = async (server: Server) => `http://127.0.0.1:${await portOf(server)}/api/v1`;

/** A server of bare sockets: `act` gets each socket, and again with every piece that arrives. */
function raw(act: (socket: Socket, received: Buffer | null) => void): Promise<string> {
  return listen(
    createServer((socket) => {
      act(socket, null);
      socket.on("data", (received) => act(socket, received));
    }),
  );
}

/** Answers after the request was read; counts them. */
async function http(answer: (res: ServerResponse, req: IncomingMessage) => void) {
  let requests = 0;
  const server = createHttpServer((req, res) => {
    requests += 1;
    req.resume().on("end", () => answer(res, req));
  });
  server.keepAliveTimeout = 1;
  return { url: await listen(server), count: () => requests };
}

describe("an answer of Guardian", () => {
  let simulator: GuardianSimulator;
  beforeAll(async () => {
    simulator = await startGuardianSimulator({ port: 0 });
  });
  afterAll(() => simulator.close());
  beforeEach(() => fetch(`${simulator.origin}/__sim/reset`, { method: "POST" }));

  const documents = async () =>
    ((await (await fetch(`${simulator.origin}/__sim/documents`)).json()) as { documents: Record<string, unknown>[] })
      .documents;
  const setFaults = (rules: unknown) =>
    fetch(`${simulator.origin}/__sim/faults`, { method: "POST", body: JSON.stringify(rules) });

  async function aBody() {
    const enrolled = await enrol();
    simulator.register(enrolled.policy, [enrolled.device.didDocument]);
    const { text, credential } = await signAsDevice(enrolled, undefined, new Date());
    const { ref, installerDid, policyTag, policyId } = enrolled.config;
    const body = requestBody({ credential: text, ref, owner: installerDid, policyTag });
    const block = { policyId, blockTag: enrolled.policy.blockTag };
    return { body, text, credential, block, config: enrolled.config };
  }

  it("is accepted, on all four routes, with what was sent and came kept", async () => {
    const { body, text, credential, block, config } = await aBody();
    expect(JSON.parse(new TextDecoder().decode(body))).toEqual({
      ...{ document: credential, ref: config.ref, owner: config.installerDid, policyTag: config.policyTag },
    });
    expect(new TextDecoder().decode(body)).toContain(`"document":${text},`);
    const routes: ExternalRoute[] = [
      {},
      { block },
      { syncEvents: { history: false } },
      { block, syncEvents: { history: true } },
    ];
    for (const route of routes) {
      const result = await send(simulator.baseUrl, { body, route });
      expect(result).toMatchObject({ kind: "accepted", code: "ANSWERED", answer: { status: 200, isWhole: true } });
      expect(result.request.sha256).toBe(sha256Hex(body));
      expect(result.answer?.sha256).toBe(sha256Hex(result.answer?.bytes ?? ""));
      expect(result.durationMs).toBeGreaterThanOrEqual(0);
      const answer = JSON.parse(new TextDecoder().decode(result.answer?.bytes));
      if (route.syncEvents) expect(answer).toMatchObject({ response: true, result: {}, steps: expect.any(Array) });
      else expect(answer).toBe(true);
    }
    const arrived = await documents();
    expect(arrived.map(({ verdict, sha256 }) => [verdict, sha256])).toEqual(
      routes.map(() => ["VERIFIED", sha256Hex(body)]),
    );
    expect(arrived.at(-1)?.path).toBe(`/api/v1/external/${block.policyId}/${block.blockTag}/sync-events?history=true`);
  });

  it.each([
    ["cutBefore", { kind: "unknown", code: "CUT" }, 0],
    ["503", { kind: "refused", code: "UNAVAILABLE", isRetryable: true }, 0],
    ["429", { kind: "refused", code: "REJECTED", isRetryable: true, retryAfterSeconds: 1 }, 0],
    ["htmlPage", { kind: "unknown", code: "ANSWER_UNREADABLE" }, 0],
    ["cutAfter", { kind: "unknown", code: "CUT" }, 1],
    ["timeOut", { kind: "unknown", code: "TIMED_OUT" }, 1],
    ["500", { kind: "unknown", code: "SERVER_FAILED" }, 1],
  ] as const)("with the fault %s is told as %o", async (fault, verdict, arrived) => {
    await setFaults({ [fault]: 1 });
    const { body } = await aBody();
    expect(await send(simulator.baseUrl, { body, timeoutMs: 1_500 })).toMatchObject(verdict);
    expect(await documents()).toHaveLength(arrived);
  });

  it("that is slow is waited for, and unknown when it takes too long", async () => {
    await setFaults({ slow: { rate: 1, seconds: 0.6 } });
    const { body } = await aBody();
    expect((await send(simulator.baseUrl, { body })).kind).toBe("accepted");
    expect(await send(simulator.baseUrl, { body, timeoutMs: 300 })).toMatchObject({
      kind: "unknown",
      code: "TIMED_OUT",
    });
  });

  it("that breaks off in the middle is unknown, and what came is kept", async () => {
    await setFaults({ cutBody: { rate: 1, abort: true } });
    const { body } = await aBody();
    const result = await send(simulator.baseUrl, { body, route: { syncEvents: { history: true } } });
    expect(result).toMatchObject({
      kind: "unknown",
      code: "ANSWER_UNREADABLE",
      answer: { status: 200, isWhole: false },
    });
    expect(result.answer?.bytes.byteLength).toBeGreaterThan(0);
    expect(await documents()).toHaveLength(1);
  });
});

describe("nothing was sent, for certain, when", () => {
  it("the body is larger than Guardian takes", async () => {
    const { url, count } = await http((res) => res.end("true"));
    const result = await send(url, { body: new Uint8Array(1_000_001) });
    expect(result).toMatchObject({ kind: "refused", code: "TOO_LARGE", isRetryable: false });
    expect(result.message).toMatch(/1,000,001 bytes.*1,000,000/);
    expect(count()).toBe(0);
  });

  it("nobody listens, at one address or at all addresses of a name", async () => {
    const url = await raw(() => undefined);
    await new Promise((resolve) => servers.pop()?.close(resolve));
    const refusal = { kind: "refused", code: "NO_CONNECTION", isRetryable: true };
    expect(await send(url)).toMatchObject(refusal);
    expect(await send(url.replace("127.0.0.1", "localhost"))).toMatchObject(refusal);
  });

  it("the name is unknown, or the guard refuses its address", async () => {
    expect(await send("http://guardian.invalid/api/v1")).toMatchObject({ kind: "refused", code: "NAME_NOT_FOUND" });
    const address = { kind: "refused", code: "ADDRESS_REFUSED", isRetryable: false };
    expect(await send("http://10.0.0.1/api/v1")).toMatchObject(address);
    const strict = createAddressGuard({ allowed: [] });
    const input = { fetch: strict.fetch, route: {}, body: small, timeoutMs: 1_000 };
    expect(await sendRecord({ ...input, guardianUrl: "http://localhost:4999/api/v1" })).toMatchObject(address);
    expect(await sendRecord({ ...input, guardianUrl: "nonsense" })).toMatchObject({
      kind: "refused",
      code: "BAD_ADDRESS",
    });
  });
});

describe("what the network does to a request that may have left", () => {
  it("is unknown, and is not sent again, when the connection ends before, within or after it", async () => {
    const cuts: [string, (socket: Socket, received: Buffer | null) => void][] = [
      ["at once", (socket) => socket.destroy()],
      ["before it is read, by a reset", (socket) => void setTimeout(() => socket.pause().resetAndDestroy(), 50)],
      ["after the request", (socket, received) => received && socket.destroy()],
      ["after the request, by a reset", (socket, received) => received && socket.resetAndDestroy()],
      ["within the headers", (socket, received) => received && socket.end("HTTP/1.1 200 OK\r\ncontent-")],
      ["with no HTTP", (socket, received) => received && socket.end("SSH-2.0-OpenSSH\r\n")],
    ];
    for (const [when, act] of cuts) {
      let connections = 0;
      const url = await raw((socket, received) => {
        if (received === null) connections += 1;
        act(socket, received);
      });
      const result = await send(url, { body: new Uint8Array(200_000).fill(32) });
      expect(result, when).toMatchObject({ kind: "unknown", isRetryable: false });
      expect(result.answer, when).toBeUndefined();
      expect(connections, when).toBe(1);
    }
  });

  it("is unknown when the body of a 2xx ends early, never ends, or is not Guardian's", async () => {
    const head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 4\r\n\r\n";
    const short = await raw((socket, received) => received && socket.end(`${head}tr`));
    expect(await send(short)).toMatchObject({ kind: "unknown", code: "ANSWER_UNREADABLE", answer: { isWhole: false } });
    const hanging = await raw((socket, received) => received && socket.write(`${head}tr`));
    const hung = await send(hanging, { timeoutMs: 400 });
    expect(hung).toMatchObject({ kind: "unknown", code: "ANSWER_UNREADABLE", answer: { status: 200 } });
    expect(hung.message).toMatch(/did not end in time/);
    for (const body of ["", "false", "null", "<html></html>", '{"ok":true}', "true false"]) {
      const { url } = await http((res) => res.end(body));
      expect(await send(url), body).toMatchObject({
        kind: "unknown",
        code: "ANSWER_UNREADABLE",
        answer: { isWhole: true },
      });
    }
  });
});

describe("a status", () => {
  it.each([
    [400, "refused", false],
    [401, "refused", false],
    [404, "refused", false],
    [408, "refused", true],
    [413, "refused", false],
    [422, "refused", false],
    [429, "refused", true],
    [500, "unknown", false],
    [501, "refused", false],
    [502, "unknown", false],
    [503, "refused", true],
    [504, "unknown", false],
    [520, "unknown", false],
    [307, "refused", false],
    [308, "refused", false],
    [302, "unknown", false],
    [303, "unknown", false],
    [304, "unknown", false],
  ])("%d is %s", async (status, kind, isRetryable) => {
    const { url, count } = await http((res) => res.writeHead(status, { location: "https://elsewhere.example/" }).end());
    expect(await send(url)).toMatchObject({ kind, isRetryable });
    expect(count()).toBe(1);
  });

  it("503 of Envoy may come after the request was passed on", async () => {
    const { url } = await http((res) => res.writeHead(503, { server: "istio-envoy" }).end("upstream connect error"));
    expect(await send(url)).toMatchObject({ kind: "unknown", code: "SERVER_FAILED" });
  });
});

describe("an error of fetch", () => {
  const failed = (cause: unknown) => new TypeError("fetch failed", { cause });
  const system = (fields: object) => Object.assign(new Error("system"), fields);

  it.each<[string, Error, "refused" | "unknown"]>([
    ["a refused connection", system({ code: "ECONNREFUSED", syscall: "connect" }), "refused"],
    ["no route when connecting", system({ code: "EHOSTUNREACH", syscall: "connect" }), "refused"],
    ["no route when reading", system({ code: "EHOSTUNREACH", syscall: "read" }), "unknown"],
    ["a time-out of TCP when writing", system({ code: "ETIMEDOUT", syscall: "write" }), "unknown"],
    ["a reset", system({ code: "ECONNRESET", syscall: "read" }), "unknown"],
    ["a broken pipe", system({ code: "EPIPE", syscall: "write" }), "unknown"],
    ["undici's time-out of connecting", system({ code: "UND_ERR_CONNECT_TIMEOUT" }), "refused"],
    ["undici's time-out of headers", system({ code: "UND_ERR_HEADERS_TIMEOUT" }), "unknown"],
    ["undici's time-out of the body", system({ code: "UND_ERR_BODY_TIMEOUT" }), "unknown"],
    ["a socket with nothing written", system({ code: "UND_ERR_SOCKET", socket: { bytesWritten: 0 } }), "refused"],
    ["a socket with something written", system({ code: "UND_ERR_SOCKET", socket: { bytesWritten: 1 } }), "unknown"],
    ["a socket without counters", system({ code: "UND_ERR_SOCKET" }), "unknown"],
    ["a destroyed pool", system({ code: "UND_ERR_DESTROYED" }), "unknown"],
    ["a parser's error", system({ code: "HPE_INVALID_CONSTANT" }), "unknown"],
    ["an unknown certificate", system({ code: "DEPTH_ZERO_SELF_SIGNED_CERT" }), "refused"],
    ["a certificate of another name", system({ code: "ERR_TLS_CERT_ALTNAME_INVALID" }), "refused"],
    ["an alert that TLS sends later", system({ code: "ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED" }), "unknown"],
    ["a look-up that failed", system({ code: "EAI_AGAIN", syscall: "getaddrinfo" }), "refused"],
    [
      "all addresses refused",
      new AggregateError([system({ syscall: "connect" }), system({ syscall: "connect" })]),
      "refused",
    ],
    [
      "one address refused, one lost later",
      new AggregateError([system({ syscall: "connect" }), system({ syscall: "read" })]),
      "unknown",
    ],
    ["anything else", new Error("?"), "unknown"],
  ])("for %s", (_what, cause, kind) => {
    expect(verdictOfError(failed(cause)).kind).toBe(kind);
  });

  it("for a signal that ended", () => {
    expect(verdictOfError(new DOMException("late", "TimeoutError"))).toMatchObject({
      kind: "unknown",
      code: "TIMED_OUT",
    });
    expect(verdictOfError("odd").kind).toBe("unknown");
  });
});
