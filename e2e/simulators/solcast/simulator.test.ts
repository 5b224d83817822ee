import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { solcast } from "../../../lib/connectors/solcast";
import { type SolcastSimulator, startSolcastSimulator } from "./simulator";

interface Row {
  pv_estimate: number;
  period_end: string;
}

const START = Date.parse("2026-11-23T10:07:00Z");
let clock = START;
let simulator: SolcastSimulator;

beforeAll(async () => {
  simulator = await startSolcastSimulator({ port: 0, seed: 3, now: () => clock });
});
afterAll(() => simulator.close());
beforeEach(async () => {
  clock = START;
  await fetch(`${simulator.baseUrl}/__sim/reset`, { method: "POST" });
});

const ask = (query: string, list = "estimated_actuals", account = simulator.accounts.usual) =>
  fetch(`${simulator.baseUrl}/rooftop_sites/${account.site.id}/${list}?${query}`, {
    headers: { authorization: `Bearer ${account.key}` },
  });
const setFaults = (rules: unknown) =>
  fetch(`${simulator.baseUrl}/__sim/faults`, { method: "POST", body: JSON.stringify(rules) });

describe("the Solcast simulator", () => {
  it("gives actuals newest first and forecasts oldest first, the same for the same seed", async () => {
    const { estimated_actuals: actuals } = (await (await ask("format=json&hours=168")).json()) as Record<string, Row[]>;
    expect(actuals).toHaveLength(336);
    expect(actuals?.[0]?.period_end).toBe("2026-11-23T10:00:00.0000000Z");
    expect(actuals?.at(-1)?.period_end).toBe("2026-11-16T10:30:00.0000000Z");
    const { forecasts } = (await (await ask("format=json&hours=2", "forecasts")).json()) as Record<string, Row[]>;
    expect(forecasts?.map(({ period_end }) => period_end.slice(11, 16))).toEqual(["10:30", "11:00", "11:30", "12:00"]);
    const other = await startSolcastSimulator({ port: 0, seed: 3, now: () => clock });
    expect(other.accounts).toEqual(simulator.accounts);
    await other.close();
  });

  it("gives ten calls a day, then a spent quota until 00:00 UTC, and tells what it was asked", async () => {
    for (let call = 0; call < 10; call++) expect((await ask("format=json&hours=1")).status).toBe(200);
    const spent = await ask("format=json&hours=1");
    expect([spent.status, spent.headers.get("retry-after")]).toEqual([429, null]);
    expect(await spent.json()).toMatchObject({ response_status: { error_code: "TooManyRequests" } });
    clock = Date.parse("2026-11-24T00:00:00Z");
    expect((await ask("format=json&hours=1")).status).toBe(200);
    const stats = (await (await fetch(`${simulator.baseUrl}/__sim/stats`)).json()) as { requests: object };
    expect(stats.requests).toEqual({
      "GET /rooftop_sites/{id}/estimated_actuals 200": 11,
      "GET /rooftop_sites/{id}/estimated_actuals 429": 1,
    });
    expect((await ask("format=json", "forecasts", simulator.accounts.spent)).status).toBe(429);
  });

  it("answers with a page without format, 400 beyond a week, 404 for another site, 403 or 404 for a wrong key", async () => {
    expect((await ask("hours=1")).headers.get("content-type")).toMatch(/html/);
    expect((await ask("format=json&hours=169")).status).toBe(400);
    const { usual, spent } = simulator.accounts;
    expect((await ask("format=json", "forecasts", { ...usual, site: spent.site })).status).toBe(404);
    const wrong = await ask("format=json", "forecasts", { ...usual, key: "wrong" });
    expect([wrong.status, await wrong.json()]).toMatchObject([403, { response_status: { error_code: "InvalidKey" } }]);
    const older = await startSolcastSimulator({ port: 0, badKeyStatus: 404 });
    expect((await fetch(`${older.baseUrl}/rooftop_sites/x/forecasts?format=json`)).status).toBe(404);
    await older.close();
  });

  it("gives the faults it is told to", async () => {
    await setFaults({ "429": 1 });
    const busy = await ask("format=json&hours=1");
    expect([busy.status, await busy.text()]).toEqual([429, ""]);
    await setFaults({ "429": { rate: 1, window: "day" } });
    expect(await (await ask("format=json&hours=1")).text()).toContain("TooManyRequests");
    await setFaults({ htmlPage: 1 });
    expect(await (await ask("format=json&hours=1")).text()).toContain("<html>");
    await setFaults({ cutBody: 1 });
    expect(await (await ask("format=json&hours=1")).text()).not.toMatch(/\}$/);
  });

  it("is a vendor to the connector", async () => {
    const { usual } = simulator.accounts;
    const result = await solcast.test?.({
      settings: solcast.settingsSchema.parse({}),
      credentials: usual.key,
      dataSource: usual.site.id,
      timezone: "UTC",
      baseUrl: simulator.baseUrl,
      fetch,
      now: () => new Date(clock),
    });
    expect(result?.newestReadingAt?.toISOString()).toBe("2026-11-23T09:30:00.000Z");
  });
});
