import { Agent, createServer, request, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { afterEach, beforeEach, expect, it } from "vitest";
import { allowSlowUploads } from "./slow-uploads";

const UPLOAD = "/api/v1/meters/6b6f2c6a-0000-4000-8000-000000000000/uploads";
let server: Server;
let end: () => void;

beforeEach(async () => {
  // Node looks for late requests this often; it alone would break off everything after 0.3 s.
  server = createServer(
    { requestTimeout: 300, headersTimeout: 200, connectionsCheckingInterval: 50 },
    async (req, res) => {
      if (req.url?.endsWith("early")) return res.writeHead(401).end("no");
      let bytes = 0;
      try {
        for await (const chunk of req) bytes += (chunk as Buffer).length;
        res.end(String(bytes));
      } catch {
        res.destroy();
      }
    },
  );
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  end = allowSlowUploads({ usualSeconds: 0.3, uploadSeconds: 2, afterAnswerSeconds: 0.2 });
});
afterEach(async () => {
  end();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const open = () => new Promise<number>((resolve) => server.getConnections((_, count) => resolve(count)));

/** Sends a byte every 50 ms; what came back, or how it ended. */
function send(path: string, milliseconds: number, method = "POST", agent?: Agent): Promise<string> {
  return new Promise((resolve) => {
    const { port } = server.address() as AddressInfo;
    const req = request({ port, host: "127.0.0.1", path, method, agent, headers: { "transfer-encoding": "chunked" } });
    let said = "";
    req.on("response", (res) => {
      res.on("data", (chunk) => {
        said += chunk;
      });
      res.on("end", () => resolve(said));
    });
    let isOver = false;
    req.on("error", () => resolve("broken off"));
    req.on("close", () => {
      isOver = true;
    });
    void (async () => {
      for (let at = 0; at < milliseconds && !isOver; at += 50) {
        req.write("x");
        await pause(50);
      }
      if (!isOver) req.end();
    })();
  });
}

it("lets a file take its time, and nothing else", async () => {
  const [upload, other, notSent] = await Promise.all([
    send(UPLOAD, 1_000),
    send("/api/v1/meters", 1_000),
    send(UPLOAD, 1_000, "PUT"),
  ]);
  expect(Number(upload)).toBeGreaterThan(10);
  expect([other, notSent]).toEqual(["broken off", "broken off"]);
});

it("breaks off a file that never ends", async () => {
  const startedAt = performance.now();
  expect(await send(`${UPLOAD}?fileName=a.csv`, 5_000)).toBe("broken off");
  expect(performance.now() - startedAt).toBeGreaterThan(1_500);
  expect(performance.now() - startedAt).toBeLessThan(4_000);
});

it("breaks off a file soon after it was answered before its end", async () => {
  const startedAt = performance.now();
  expect(await send(`${UPLOAD}?early`, 5_000)).toBe("no");
  await expect.poll(() => open()).toBe(0);
  expect(performance.now() - startedAt).toBeLessThan(1_500);
});

it("leaves what arrives in time alone, and nothing behind on a connection that is used again", async () => {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const warnings: Error[] = [];
  const note = (warning: Error) => warnings.push(warning);
  process.on("warning", note);
  for (let at = 0; at < 15; at++) expect(await send("/anything", 0, "POST", agent)).toBe("0");
  expect(await send(UPLOAD, 100, "POST", agent)).toMatch(/^[1-9]$/);
  process.off("warning", note);
  agent.destroy();
  expect(warnings).toEqual([]);
});
