import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { listed } from "../../../lib/connectors/listed-for-tests";
import { rawInput } from "../../../lib/connectors/raw-inputs";
import { wattwatchers } from "../../../lib/connectors/wattwatchers";
import { createApiFetch } from "../../../lib/sources/api";
import { type Simulator, startWattwatchersSimulator } from "./simulator";

interface Row {
  timestamp: number;
  duration: number;
  eReal: number[];
  eRealPositive: number[];
  eRealNegative: number[];
  eRealKwh: number[];
  vRMSMin: number[];
}

let clock = Date.parse("2026-11-23T10:02:00Z");
let simulator: Simulator;
let key: string;
let home: string;
const SILENT = "D400000000000";
const at = (iso: string) => Date.parse(iso) / 1000;

beforeAll(async () => {
  simulator = await startWattwatchersSimulator({ port: 0, seed: 3, devices: 6, perSecond: 1_000, now: () => clock });
  key = simulator.fleet.accounts[0]?.key ?? "";
  home = simulator.fleet.accounts[0]?.deviceIds[0] ?? "";
});
afterAll(() => simulator.close());
beforeEach(async () => {
  clock = Date.parse("2026-11-23T10:02:00Z");
  await fetch(`${simulator.baseUrl}/__sim/reset`, { method: "POST" });
});

const get = (path: string, bearer: string | undefined = key) =>
  fetch(simulator.baseUrl + path, { headers: bearer ? { authorization: `Bearer ${bearer}` } : {} });
const rowsOf = async (path: string): Promise<Row[]> => (await get(path)).json() as Promise<Row[]>;
const setFaults = (rules: unknown) =>
  fetch(`${simulator.baseUrl}/__sim/faults`, { method: "POST", body: JSON.stringify(rules) });
const statusAndCode = async (answer: Response) => [answer.status, ((await answer.json()) as { code?: string }).code];

describe("keys and devices", () => {
  it("gives each key its own devices only", async () => {
    const other = simulator.fleet.accounts[1];
    expect(await (await get("/devices")).json()).toEqual(simulator.fleet.accounts[0]?.deviceIds);
    expect(await (await get("/devices", other?.key)).json()).toEqual(other?.deviceIds);
    expect(await statusAndCode(await get(`/devices/${other?.deviceIds[0]}`))).toEqual([404, "NOT_FOUND"]);
    expect(await statusAndCode(await get("/devices", ""))).toEqual([401, "UNAUTHORIZED"]);
    expect(await statusAndCode(await get("/devices", simulator.fleet.disabledKey))).toEqual([401, "UNAUTHORIZED"]);
    expect(await statusAndCode(await get("/devices", "key_other"))).toEqual([403, "NOT_PERMITTED"]);
    expect(await (await get(`/devices/${home}`)).json()).toMatchObject({
      id: home,
      timezone: "Australia/Sydney",
      channels: [{ label: "Grid", categoryId: 9, ctRating: 120 }, {}, {}, {}, {}, {}],
    });
  });

  it("is the same fleet for the same seed, and tells it", async () => {
    const fleet = await (await fetch(`${simulator.baseUrl}/__sim/fleet`)).json();
    const again = await startWattwatchersSimulator({ port: 0, seed: 3, devices: 6 });
    expect(await (await fetch(`${again.baseUrl}/__sim/fleet`)).json()).toEqual(fleet);
    await again.close();
  });
});

describe("long energy", () => {
  const from = at("2026-11-01T00:00:00Z");

  it("is joules by default and renamed kWh on demand, net = positive - negative, every stamp once", async () => {
    const range = `?fromTs=${from}&toTs=${from + 86_400}`;
    const joules = await rowsOf(`/long-energy/${home}${range}`);
    const kwh = await rowsOf(`/long-energy/${home}${range}&convert[energy]=kWh`);
    expect(joules.map((row) => row.timestamp)).toEqual(Array.from({ length: 288 }, (_, index) => from + index * 300));
    for (const [index, row] of joules.entries()) {
      expect(row.eReal).toEqual(row.eRealPositive.map((joule, channel) => joule - (row.eRealNegative[channel] ?? 0)));
      expect(kwh[index]?.eRealKwh).toEqual(row.eReal.map((joule) => joule / 3_600_000));
    }
    expect(kwh[0]).not.toHaveProperty("eReal");
    // The solar channel: dark at local midnight (13:00 UTC), bright at local noon (01:00 UTC).
    const solarAt = (iso: string) => joules.find((row) => row.timestamp === at(iso))?.eReal[1] ?? Number.NaN;
    expect(solarAt("2026-11-01T13:00:00Z")).toBeLessThanOrEqual(0);
    expect(solarAt("2026-11-01T01:30:00Z")).toBeGreaterThan(50_000);
  });

  it("adds up the same in every granularity, buckets labelled by their first five-minute stamp", async () => {
    const five = await rowsOf(`/long-energy/${home}?fromTs=${from}&toTs=${from + 86_400}`);
    const total = (rows: Row[]) => rows.reduce((sum, row) => sum + (row.eReal[0] ?? 0), 0);
    for (const [granularity, count, duration] of [
      ["15m", 96, 900],
      ["30m", 48, 1800],
      ["hour", 24, 3600],
      ["day", 1, 86_400],
    ] as const) {
      const rows = await rowsOf(
        `/long-energy/${home}?fromTs=${from}&toTs=${from + 86_400}&granularity=${granularity}&timezone=UTC`,
      );
      expect([rows.length, rows[0]?.timestamp, rows[0]?.duration]).toEqual([count, from, duration]);
      expect(total(rows)).toBe(total(five));
    }
    const first = await rowsOf(`/long-energy/${home}?fromTs=${from}&toTs=${from + 900}&granularity=15m`);
    expect(first[0]?.eReal[0]).toBe(total(five.slice(0, 3)));
    expect(first[0]?.vRMSMin[0]).toBe(Math.min(...five.slice(0, 3).map((row) => row.vRMSMin[0] ?? 0)));
    const short = (await rowsOf(`/short-energy/${home}?fromTs=${from - 270}&toTs=${from + 1}`)) as Row[];
    expect(short).toHaveLength(10);
    expect(total(short)).toBe(five[0]?.eReal[0]);
  });

  it.each([
    [`?fromTs=${from}&toTs=${from + 7 * 86_400 + 1}`, 422],
    [`?fromTs=${from}&toTs=${from + 7 * 86_400}`, 200],
    [`?fromTs=${from}&toTs=${from + 15 * 86_400}&granularity=15m`, 422],
    [`?fromTs=${from}&toTs=${from + 91 * 86_400}&granularity=hour&timezone=UTC`, 422],
    [`?fromTs=${from}&toTs=${from + 3600}&granularity=hour`, 422],
    [`?fromTs=${from}&toTs=${from + 3600}&granularity=week`, 422],
    [`?fromTs=0&toTs=${from}`, 422],
    [`?fromTs=${from}&toTs=${from}`, 422],
    ["?fromTs=yesterday", 400],
  ])("answers %s with %i", async (query, status) => {
    expect((await get(`/long-energy/${home}${query}`)).status).toBe(status);
  });

  it("has data to a minute ago, 400 days and more of it, and 204 for a device that never sent any", async () => {
    const latest = (await (await get(`/long-energy/${home}/latest`)).json()) as Row;
    const first = (await (await get(`/long-energy/${home}/first`)).json()) as Row;
    expect(latest.timestamp).toBe(at("2026-11-23T10:00:00Z"));
    expect(first.timestamp).toBeLessThan(clock / 1000 - 400 * 86_400);
    const future = `?fromTs=${at("2026-11-23T10:05:00Z")}&toTs=${at("2026-11-23T11:00:00Z")}`;
    expect(await rowsOf(`/long-energy/${home}${future}`)).toEqual([]);
    for (const path of [`${future}`, "/latest", "/first"])
      expect((await get(`/long-energy/${SILENT}${path}`)).status).toBe(204);
  });
});

describe("limits and faults", () => {
  it("counts calls by second and day and says so in headers", async () => {
    const small = await startWattwatchersSimulator({
      port: 0,
      seed: 3,
      devices: 6,
      perSecond: 2,
      perDay: 3,
      now: () => clock,
    });
    const ask = () => fetch(`${small.baseUrl}/devices`, { headers: { authorization: `Bearer ${key}` } });
    expect((await ask()).headers.get("x-ratelimit-tpsremaining")).toBe("1");
    await ask();
    const second = await ask();
    expect([second.headers.get("retry-after"), ...(await statusAndCode(second))]).toEqual([
      "1",
      429,
      "TOO_MANY_REQUESTS_TPS",
    ]);
    clock += 1000;
    expect((await ask()).status).toBe(200);
    const day = await ask();
    expect(day.headers.get("x-ratelimit-tpdreset")).toBe(String(at("2026-11-24T00:00:00Z") - clock / 1000));
    expect(await statusAndCode(day)).toEqual([429, "TOO_MANY_REQUESTS_TPD"]);
    await small.close();
  });

  it("holds late devices back, lets them come oldest first, and changes history on demand", async () => {
    const newest = async () => ((await (await get(`/long-energy/${home}/latest`)).json()) as Row).timestamp;
    await setFaults({ lateData: { rate: 1, minutes: 120, backfillSeconds: 600 } });
    expect(await newest()).toBe(at("2026-11-23T08:00:00Z"));
    await setFaults({});
    clock += 300_000;
    expect(await newest()).toBeGreaterThan(at("2026-11-23T08:30:00Z"));
    expect(await newest()).toBeLessThan(at("2026-11-23T09:30:00Z"));
    clock += 300_000;
    expect(await newest()).toBe(at("2026-11-23T10:10:00Z"));
    const path = `/long-energy/${home}?fromTs=${at("2026-11-01T00:00:00Z")}&toTs=${at("2026-11-02T00:00:00Z")}`;
    const before = await rowsOf(path);
    await setFaults({ changedHistory: { rate: 0.5, percent: 10 } });
    const changed = (await rowsOf(path)).filter((row, index) => row.eReal[5] !== before[index]?.eReal[5]).length;
    expect(changed).toBeGreaterThan(100);
    expect(changed).toBeLessThan(188);
  });
});

describe("the connector against the simulator", () => {
  const range = { from: new Date("2026-11-10T00:00:00Z"), to: new Date("2026-11-12T00:00:00Z") };
  const contextOf = (deviceId: string, timeoutMs = 5_000) => ({
    settings: {},
    credentials: key,
    dataSource: deviceId,
    timezone: "Australia/Sydney",
    baseUrl: simulator.baseUrl,
    now: () => new Date(clock),
    fetch: createApiFetch({ fetch, takeQuota: async () => undefined, timeoutMs, maxBytes: 10_000_000 }),
  });
  async function collect(deviceId: string, timeoutMs?: number) {
    const inputs = [];
    for await (const answer of wattwatchers.fetch?.(contextOf(deviceId, timeoutMs), range) ?? []) {
      inputs.push(rawInput("answer", answer.bytes, answer.contentType));
    }
    return listed(wattwatchers.parse(inputs, { ...contextOf(deviceId), dataSourceType: "API", range }));
  }

  it("collects exactly the readings that start in the range", async () => {
    const { readings, rejects, rowsRead } = await collect(home);
    expect([readings.length, rejects.length, rowsRead]).toEqual([576, 0, 576]);
    expect(readings[0]?.startEpochSeconds).toBe(range.from.getTime() / 1000);
    expect(readings.at(-1)?.startEpochSeconds).toBe(range.to.getTime() / 1000 - 300);
    expect((await collect(SILENT)).readings).toEqual([]);
    const tested = await wattwatchers.test?.(contextOf(home));
    expect(tested?.newestReadingAt).toEqual(new Date("2026-11-23T09:55:00Z"));
  });

  it.each([
    [{ "429": 1 }, "TOO_MANY_PER_SECOND"],
    [{ "429": { rate: 1, window: "day" } }, "TOO_MANY_PER_DAY"],
    [{ "429": { rate: 1, headers: false } }, "PLATFORM_BUSY"],
    [{ "500": 1 }, "VENDOR_FAILED"],
    [{ htmlPage: 1 }, "HTML_PAGE"],
    [{ cutBody: 1 }, "CUT_BODY"],
    [{ cutBody: { rate: 1, abort: true } }, "CUT_OFF"],
    [{ timeOut: 1 }, "TIMED_OUT"],
  ])("turns the fault %j into %s, which can be tried again", async (rules, code) => {
    await setFaults(rules);
    await expect(collect(home, code === "TIMED_OUT" ? 100 : undefined)).rejects.toMatchObject({
      code,
      isRetryable: true,
    });
  });
});
