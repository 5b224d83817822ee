import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Control, createControl } from "./control";

let server: Server;
let control: Control;
let base: string;
let clock: number;
let resets: number;

beforeEach(async () => {
  clock = Date.UTC(2026, 10, 23);
  resets = 0;
  control = createControl({ seed: 7, now: () => clock, onReset: () => resets++ });
  server = createServer(async (req, res) => {
    if (!(await control.handle(req, res))) res.writeHead(418).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterEach(() => new Promise((resolve) => server.close(resolve)));

const setFaults = (body: unknown) => fetch(`${base}/__sim/faults`, { method: "POST", body: JSON.stringify(body) });
const draw = (times: number, path?: string) =>
  Array.from({ length: times }, () => control.nextFault(path)?.kind ?? "none");

describe("control", () => {
  it("gives the same faults for the same seed and order", async () => {
    await setFaults({ "429": 0.3, "500": { rate: 0.2 } });
    const first = draw(200);
    const resetAnswer = await fetch(`${base}/__sim/reset`, { method: "POST" });
    expect(resetAnswer.status).toBe(200);
    expect(draw(5)).toEqual(["none", "none", "none", "none", "none"]);
    await fetch(`${base}/__sim/reset`, { method: "POST" });
    await setFaults({ "429": 0.3, "500": 0.2 });
    expect(draw(200)).toEqual(first);
    expect(first.filter((kind) => kind === "429").length).toBeGreaterThan(40);
    expect(first.filter((kind) => kind === "429").length).toBeLessThan(80);
    expect(resets).toBe(2);
  });

  it("stops at a count, at an instant, and outside a path", async () => {
    await setFaults({ "500": { rate: 1, count: 2, path: "/energy" } });
    expect(draw(2, "/devices")).toEqual(["none", "none"]);
    expect(draw(4, "/energy/1")).toEqual(["500", "500", "none", "none"]);
    await setFaults({ timeOut: { rate: 1, until: "2026-11-23T00:01:00Z" } });
    expect(draw(1)).toEqual(["timeOut"]);
    clock += 60_000;
    expect(draw(1)).toEqual(["none"]);
  });

  it("refuses what it does not understand, says why, and keeps the old rules", async () => {
    await setFaults({ "500": 1 });
    for (const [body, reason] of [
      [{ "418": 1 }, "418"],
      [{ "500": 1.5 }, "500"],
      [{ "429": { rate: 1, header: false } }, "header"],
    ] as const) {
      const answer = await setFaults(body);
      expect(answer.status).toBe(400);
      expect(((await answer.json()) as { error: string }).error).toContain(reason);
    }
    const noJson = await fetch(`${base}/__sim/faults`, { method: "POST", body: "{" });
    expect(noJson.status).toBe(400);
    expect(draw(1)).toEqual(["500"]);
    await setFaults({});
    expect(draw(1)).toEqual(["none"]);
  });

  it("shows rules, requests, faults and counters", async () => {
    await setFaults({ "429": { rate: 1, headers: false } });
    expect(control.nextFault()).toMatchObject({ kind: "429", hasHeaders: false });
    control.count("rows", 12);
    control.countRequest("GET /devices", 200);
    control.countRequest("GET /devices", 200);
    expect(await (await fetch(`${base}/__sim/faults`)).json()).toEqual({ "429": { rate: 1, headers: false } });
    expect(await (await fetch(`${base}/__sim/stats`)).json()).toEqual({
      requests: { "GET /devices 200": 2 },
      faults: { "429": 1 },
      counters: { "fault 429": 1, rows: 12 },
    });
    expect((await fetch(`${base}/__sim/other`)).status).toBe(404);
    expect((await fetch(`${base}/other`)).status).toBe(418);
  });

  it("holds late data back, then lets it come oldest first", async () => {
    await setFaults({ lateData: { rate: 1, minutes: 30, backfillSeconds: 100 } });
    const since = clock - 30 * 60_000;
    clock += 60_000;
    expect(control.availableUntil("D1", clock)).toBe(since);
    await setFaults({});
    expect(control.availableUntil("D1", clock)).toBe(since);
    clock += 50_000;
    const half = control.availableUntil("D1", clock);
    expect(half).toBeGreaterThan(since);
    expect(half).toBeLessThan(clock);
    clock += 50_000;
    expect(control.availableUntil("D1", clock)).toBe(clock);
  });

  it("changes a share of history, always the same share", async () => {
    await setFaults({ changedHistory: { rate: 0.25, percent: 20 } });
    const factors = Array.from({ length: 400 }, (_, index) => control.historyFactor("D1", index * 300));
    expect(factors.filter((factor) => factor === 1.2).length).toBeGreaterThan(60);
    expect(factors.filter((factor) => factor === 1).length).toBeGreaterThan(250);
    expect(Array.from({ length: 400 }, (_, index) => control.historyFactor("D1", index * 300))).toEqual(factors);
    await setFaults({});
    expect(control.historyFactor("D1", 0)).toBe(1);
  });
});
