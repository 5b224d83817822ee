import { createServer as createHttpServer, type IncomingMessage } from "node:http";
import { createServer, type Socket } from "node:net";
import { expect, it } from "vitest";
import { createAddressGuard } from "../net/address-guard";
import { sha256Hex } from "../secrets";
import { sendRecord } from "./client";
import { testServers } from "./testing-servers";

/** What a Guardian that means no good, or something in front of it, may do. */

const guard = createAddressGuard({ allowed: ["127.0.0.1"] });
const body = new TextEncoder().encode('{"document":{}}');
const send = (guardianUrl: string, timeoutMs = 5_000) =>
  sendRecord({ fetch: guard.fetch, guardianUrl, route: {}, body, timeoutMs });

const { listen } = testServers();

/** Keeps every request that it read to its end, and answers each in the same way. */
async function answering(status: number, headers: Record<string, string> = {}) {
  const arrived: { headers: IncomingMessage["headers"]; bytes: Buffer }[] = [];
  const server = createHttpServer(async (req, res) => {
    const chunks: Buffer[] = [];
    for await (const chunk of req) chunks.push(chunk as Buffer);
    arrived.push({ headers: req.headers, bytes: Buffer.concat(chunks) });
    res.writeHead(status, headers).end("{}");
  });
  return { url: `http://127.0.0.1:${await listen(server)}/api/v1`, arrived };
}

it.each([421, 408, 425, 500, 503])("sends once, with its length, to who answers %i", async (status) => {
  const { url, arrived } = await answering(status, { connection: "close" });
  expect(await send(url)).toMatchObject({ answer: { status } });
  expect(arrived).toHaveLength(1);
  const [{ headers, bytes } = { headers: {}, bytes: Buffer.of() }] = arrived;
  expect(headers).toMatchObject({ "content-length": String(body.byteLength), "content-type": "application/json" });
  expect(headers).not.toHaveProperty("transfer-encoding");
  expect(sha256Hex(bytes)).toBe(sha256Hex(body));
});

it.each([
  [307, "https://elsewhere.example/api?token=s3cret", "refused", "https://elsewhere.example"],
  [307, "http://[", "refused", "an address that is none"],
  [302, "http://[", "unknown", "an address that is none"],
] as const)(
  "keeps of a %i to %s its status, and says where it points without more",
  async (status, location, kind, to) => {
    const { url } = await answering(status, { location });
    const result = await send(url);
    expect(result).toMatchObject({ kind, code: "REDIRECTED", message: expect.stringContaining(to) });
    expect(result.answer).toMatchObject({ status, headers: {}, isWhole: false });
    expect(JSON.stringify(result)).not.toContain("s3cret");
  },
);

it("waits as long as a number of any length says, and not shorter because it is too long to be one", async () => {
  const { url } = await answering(429, { "retry-after": "9".repeat(400) });
  const { retryAfterSeconds = 0 } = await send(url);
  expect(new Date(Date.now() + retryAfterSeconds * 1000).getFullYear()).toBeGreaterThan(2040);
});

it.each<[string, (socket: Socket) => void, number]>([
  ["is cut", (socket) => socket.destroy(), 5_000],
  ["is reset", (socket) => socket.resetAndDestroy(), 5_000],
  ["is answered with an alert", (socket) => socket.end(Buffer.from([0x15, 3, 3, 0, 2, 2, 0x28])), 5_000],
  ["does not end in time", () => undefined, 300],
])("has sent nothing for certain where the handshake of TLS %s", async (_, act, timeoutMs) => {
  const port = await listen(createServer((socket) => socket.once("data", () => act(socket))));
  const result = await send(`https://127.0.0.1:${port}/api/v1`, timeoutMs);
  expect(result).toMatchObject({ kind: "refused", code: "NO_CONNECTION", isRetryable: true });
  expect(result.message).toContain("nothing was sent");
});

it("knows nothing of a request that had begun to leave", async () => {
  const port = await listen(createServer((socket) => socket.once("data", () => socket.destroy())));
  expect(await send(`http://127.0.0.1:${port}/api/v1`)).toMatchObject({ kind: "unknown", code: "CUT" });
  const silent = await listen(createServer(() => undefined));
  expect(await send(`http://127.0.0.1:${silent}/api/v1`, 300)).toMatchObject({ kind: "unknown", code: "TIMED_OUT" });
});
