import { createServer, request as httpRequest } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it, vi } from "vitest";
import type { Archive } from "../archive/archive";
import { openDatabase } from "../db/client";
import { testDatabase } from "../db/testing";
import { isFromLoopback, watchPeers } from "../http/peer";
import { log } from "../log";
import { aTask } from "../testing/builders";
import { createToken } from "../tokens/create-token";
import { checkHealth } from "./check-health";
import { prometheusText } from "./figures";
import { assertMayReadFigures } from "./may-read-figures";

const settings = vi.hoisted(() => ({ METERPROOF_METRICS_TOKEN: undefined as string | undefined }));
vi.mock("../env", () => ({ env: () => ({ NEXTAUTH_SECRET: "s".repeat(40), ...settings }) }));

const database = testDatabase();
const archive = (check: () => Promise<void>) => () => ({ check }) as unknown as Archive;
const fine = async () => undefined;
const answers = (status: number) => async () => new Response(null, { status });

describe("health", () => {
  const ask = (values: object) =>
    checkHealth({
      db: database.db,
      archive: archive(fine),
      inngestBaseUrl: "http://user:hunter2@inngest.test:8288/base",
      fetch: answers(200),
      ...values,
    });

  it("names every dependency", async () => {
    const health = await ask({});
    expect(health.status).toBe("ok");
    expect(Object.keys(health.dependencies)).toEqual(["database", "archive", "inngest"]);
    const seen = vi.fn(answers(404));
    expect(await ask({ fetch: seen })).toMatchObject({ status: "ok" });
    expect(String(seen.mock.calls.flat()[0])).toBe("http://user:hunter2@inngest.test:8288/base/health");
  });

  it("says which one does not answer, in time and without its address or error", async () => {
    const warned = vi.spyOn(log, "warn").mockImplementation(() => undefined);
    const away = openDatabase("postgres://u:hunter2@127.0.0.1:1/x", { max: 1 });
    const startedAt = performance.now();
    const health = await ask({
      db: away.db,
      archive: archive(() => new Promise<void>(() => undefined)),
      fetch: () => Promise.reject(new Error("hunter2")),
    });
    expect(performance.now() - startedAt).toBeLessThan(5_000);
    expect(health).toMatchObject({
      status: "failing",
      dependencies: { database: { ok: false }, archive: { ok: false }, inngest: { ok: false } },
    });
    expect(JSON.stringify(health)).not.toMatch(/hunter2|127\.0\.0\.1|inngest\.test/);
    expect(await ask({ fetch: answers(502) })).toMatchObject({
      status: "failing",
      dependencies: { database: { ok: true } },
    });
    await away.close();
    warned.mockRestore();
  });
});

describe("figures for Prometheus", () => {
  it("count tasks by state and the oldest wait", async () => {
    await aTask(database.db, { dueAt: new Date(Date.now() - 90_000) });
    await aTask(database.db, { state: "failed" });
    const { contentType, text } = await prometheusText(database.db);
    expect(contentType).toContain("text/plain");
    expect(text).toMatch(/^meterproof_tasks\{state="pending"\} 1$/m);
    expect(text).toMatch(/^meterproof_tasks\{state="failed"\} 1$/m);
    expect(text).toMatch(/^meterproof_tasks\{state="succeeded"\} 0$/m);
    expect(text).toMatch(/^meterproof_queue_depth 1$/m);
    expect(Number(/^meterproof_oldest_pending_seconds (\S+)$/m.exec(text)?.[1])).toBeGreaterThanOrEqual(90);
    expect(text).toMatch(/^meterproof_rows_ingested_total \d+$/m);
  });

  it("are for tokens that see all meters, and the one of the environment", async () => {
    const may = (authorization?: string) =>
      assertMayReadFigures(new Request("http://x/", { headers: authorization ? { authorization } : {} }), database.db);
    await expect(may()).rejects.toMatchObject({ code: "unauthenticated" });
    settings.METERPROOF_METRICS_TOKEN = "scrape-scrape-scrape";
    await may("Bearer scrape-scrape-scrape");
    await expect(may("Bearer scrape-scrape-scrapf")).rejects.toMatchObject({ code: "unauthenticated" });
    const ctx = { db: database.db, actor: { kind: "system", name: "test" } } as const;
    await may(`Bearer ${(await createToken(ctx, { name: "a", role: "viewer" })).text}`);
    const { meterId } = await aTask(database.db);
    const limited = await createToken(ctx, { name: "b", role: "admin", meterIds: [meterId] });
    await expect(may(`Bearer ${limited.text}`)).rejects.toMatchObject({ code: "forbidden" });
  });

  it("are for loopback only where the connection itself is, whatever headers say", async () => {
    watchPeers();
    const server = createServer((request, response) => {
      const headers = Object.entries(request.headers).map(([name, value]): [string, string] => [name, String(value)]);
      response.end(String(isFromLoopback(new Request("http://x/", { headers }))));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const ask = (headers: Record<string, string>) =>
      new Promise<string>((resolve, reject) => {
        const call = httpRequest({ port, host: "127.0.0.1", headers }, (answer) =>
          answer.on("data", (data) => resolve(String(data))),
        );
        call.on("error", reject).end();
      });
    expect(await ask({})).toBe("true");
    expect(await ask({ "x-forwarded-for": "127.0.0.1" })).toBe("false");
    expect(await ask({ host: "rebound.example.com" })).toBe("false");
    expect(await ask({ host: "localhost" })).toBe("true");
    expect(isFromLoopback(new Request("http://x/", { headers: { "x-forwarded-for": "127.0.0.1" } }))).toBe(false);
    await new Promise((resolve) => server.close(resolve));
  });
});
