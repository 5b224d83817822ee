import { sql } from "drizzle-orm";
import { beforeAll, describe, expect, it } from "vitest";
import type { Actor } from "../auth/actor";
import { testDatabase } from "../db/testing";
import { aBatchOf, anApiMeter, aWorker, runStages } from "../pipeline/etl/testing";
import { aJob } from "../testing/builders";
import { coverageOf } from "./coverage";
import { coverageEndpoint, readMeterDataEndpoint } from "./endpoints";
import { provenanceOf } from "./provenance";
import { listRows } from "./read-rows";

const database = testDatabase();
const actor: Actor = { kind: "system", name: "test" };
const ctx = () => ({ db: database.db, actor });
const from = new Date("2026-04-04T13:00:00Z");
const to = new Date("2026-04-06T14:00:00Z");
const now = new Date("2026-06-01T00:00:00Z");
const missing = ["2026-04-05T03:00:00Z", "2026-04-05T03:05:00Z", "2026-04-06T13:55:00Z"];
let sydney = "";
let kathmandu = "";

// Every reading is 1 kWh, so sums count.
beforeAll(async () => {
  const gone = new Set(missing.map((iso) => Date.parse(iso) / 1000));
  const worker = await aWorker(database.db, (_device, start) => (gone.has(start) ? null : 1));
  const first = await anApiMeter(database.db);
  const second = await anApiMeter(database.db, { timezone: "Asia/Kathmandu" });
  [sydney, kathmandu] = [first.id, second.id];
  for (const meterId of [sydney, kathmandu]) {
    const job = await aJob(database.db, { meterId, anchorAt: from });
    await runStages(
      worker,
      await aBatchOf(database.db, job, [from.toISOString(), "2026-04-05T14:00Z", to.toISOString()]),
    );
  }
});

describe("coverage", () => {
  it("gives a 25-hour day 300 five-minute readings, and names what is missing", async () => {
    const day = { meterId: [sydney], from, to: new Date("2026-04-05T14:00:00Z") };
    expect(await coverageOf(ctx(), day)).toMatchObject([
      {
        expected: 300,
        present: 298,
        missing: [{ from: "2026-04-05T03:00:00.000Z", to: "2026-04-05T03:10:00.000Z", readings: 2 }],
        isMissingCut: false,
      },
    ]);
  });

  it("finds what is missing at the end, and everything where there is nothing", async () => {
    const last = { meterId: [sydney], from: new Date("2026-04-06T13:00:00Z"), to };
    expect((await coverageOf(ctx(), last))[0]?.missing).toMatchObject([
      { readings: 1, to: "2026-04-06T14:00:00.000Z" },
    ]);
    const before = { meterId: [sydney], from: new Date("2026-01-01T00:00:00Z"), to: new Date("2026-01-01T01:00:00Z") };
    expect(await coverageOf(ctx(), before)).toMatchObject([
      { expected: 12, present: 0, coverage: 0, missing: [{ readings: 12 }] },
    ]);
  });
});

describe("rows", () => {
  const read = (over: object) =>
    listRows(ctx(), { meterId: [sydney], metrics: ["eRealKwh,vRmsMin"], from, to, ...over }, now);

  it("gives raw rows with what stands behind them", async () => {
    const rows = await read({ to: new Date("2026-04-04T13:10:00Z") });
    expect(rows).toMatchObject([
      {
        timestamp: "2026-04-04T13:00:00Z",
        durationSeconds: 300,
        eRealKwh: "1",
        vRmsMin: "229.4",
        quality: "actual",
        revision: 1,
      },
      { timestamp: "2026-04-04T13:05:00Z" },
    ]);
    const { object, inputs, taskId } = await provenanceOf(ctx(), { meterId: sydney, timestamp: from });
    expect([taskId, object.id]).toEqual([rows[0]?.taskId, rows[0]?.objectId]);
    expect(inputs).toMatchObject([{ origin: { kind: "api" } }]);
  });

  it("gives civil days of 25 and 24 hours in the meter's zone", async () => {
    expect(await read({ granularity: "P1D" })).toMatchObject([
      { timestamp: "2026-04-04T13:00:00Z", eRealKwh: "298", readings: 298, expected: 300, coverage: 0.993333 },
      { timestamp: "2026-04-05T14:00:00Z", eRealKwh: "287", readings: 287, expected: 288 },
    ]);
  });

  it("shows the hour that comes twice as two hours", async () => {
    const rows = await read({ granularity: "PT1H" });
    expect(rows).toHaveLength(49);
    expect(rows.map((row) => Number(row.eRealKwh)).reduce((a, b) => a + b)).toBe(585);
  });

  it("agrees between rollups and readings, whatever the zone", async () => {
    const sums = async (over: object) => {
      const rows = await read(over);
      return rows.reduce((sum, row) => sum + Number(row.eRealKwh), 0);
    };
    for (const timezone of ["UTC", "Asia/Kathmandu", "Australia/Lord_Howe", "America/Havana"]) {
      for (const granularity of ["PT30M", "PT1H", "P1D", "P1M"]) {
        expect(await sums({ granularity, timezone })).toBe(585);
      }
    }
    const kathmanduHours = await listRows(ctx(), { meterId: [kathmandu], from, to, granularity: "PT1H" }, now);
    expect(kathmanduHours[0]).toMatchObject({ timestamp: "2026-04-04T12:15:00Z", readings: 3, expected: 3 });
    expect(kathmanduHours[1]).toMatchObject({ timestamp: "2026-04-04T13:15:00Z", readings: 12, expected: 12 });
  });

  it("expects nothing twice where clocks change by half an hour", async () => {
    const hours = await read({ granularity: "PT1H", timezone: "Australia/Lord_Howe" });
    expect(hours.reduce((sum, { expected }) => sum + (expected ?? 0), 0)).toBe(588);
    // From 02:00 back to 01:30: the second 01:00 has half an hour, 15:00 to 15:30 UTC.
    const around = hours.filter(({ timestamp }) => timestamp >= "2026-04-04T14" && timestamp < "2026-04-04T16");
    expect(around.map(({ timestamp, readings, expected }) => [timestamp, readings, expected])).toEqual([
      ["2026-04-04T14:00:00Z", 12, 12],
      ["2026-04-04T14:30:00Z", 6, 6],
      ["2026-04-04T15:30:00Z", 12, 12],
    ]);
  });

  it("thins out without losing an extreme", async () => {
    await database.db.execute(sql`update meter_data set e_real_kwh = 99
      where meter_id = ${sydney} and timestamp = '2026-04-05T10:00:00Z'`);
    const rows = await read({ metrics: ["eRealKwh"], maxPoints: 40 });
    expect(rows.length).toBeLessThanOrEqual(40);
    expect(rows.filter((row) => row.eRealKwh === "99")).toHaveLength(1);
    expect(rows.map((row) => row.timestamp)).toEqual([...new Set(rows.map((row) => row.timestamp))].sort());
    expect(await read({ metrics: ["eRealKwh"], maxPoints: 1000 })).toHaveLength(585);
    await database.db.execute(sql`update meter_data set e_real_kwh = 1
      where meter_id = ${sydney} and timestamp = '2026-04-05T10:00:00Z'`);
  });
});

describe("GET /api/v1/meter-data", () => {
  const get = (query: string, as: Actor = actor) =>
    readMeterDataEndpoint.answer(
      new Request(`http://x/api/v1/meter-data?${query}`),
      {},
      { db: database.db, actor: as },
    );
  const range = "from=2026-04-04T13:00:00Z&to=2026-04-04T13:10:00Z";

  it("streams JSON, lines and CSV of several meters", async () => {
    const query = `meterId=${sydney}&meterId=${kathmandu}&${range}&metrics=eRealKwh`;
    const json = await (await get(query)).json();
    expect(json.items).toHaveLength(4);
    expect(json.items[0]).toMatchObject({
      meterId: sydney,
      timestamp: "2026-04-04T13:00:00Z",
      eRealKwh: 1,
      revision: 1,
    });
    const lines = (await (await get(`${query}&format=ndjson`)).text()).trim().split("\n");
    expect(lines.map((line) => JSON.parse(line))).toEqual(json.items);
    const csv = (await (await get(`${query}&format=csv`)).text()).split("\n");
    expect(csv[0]).toBe("meterId,timestamp,durationSeconds,eRealKwh,quality,revision,taskId,objectId,ingestedAt");
    expect(csv[1]).toMatch(new RegExp(`^${sydney},2026-04-04T13:00:00Z,300,1,actual,1,`));
    expect(csv).toHaveLength(6);
  });

  it("takes metrics repeated or with commas between, each once", async () => {
    const header = async (metrics: string) =>
      (await (await get(`meterId=${sydney}&${range}&format=csv&${metrics}`)).text()).split("\n")[0];
    expect(await header("metrics=vRmsMin&metrics=eRealKwh,vRmsMin")).toMatch(
      /^meterId,timestamp,durationSeconds,vRmsMin,eRealKwh,quality/,
    );
  });

  it("refuses what it does not understand, and meters a token may not read", async () => {
    const refused = await get(`meterId=${sydney}&${range}&metrics=energy`);
    expect(refused.status).toBe(400);
    expect((await refused.json()).error.fields).toHaveProperty("metrics");
    expect((await get(`meterId=${sydney}&from=2026-04-05T00:00:00Z&to=2026-04-04T00:00:00Z`)).status).toBe(400);
    const token: Actor = { kind: "token", id: "t", name: "t", roles: ["viewer"], meterIds: [kathmandu] };
    expect((await get(`meterId=${sydney}&${range}`, token)).status).toBe(403);
    expect((await get(`meterId=00000000-0000-7000-8000-000000000000&${range}`)).status).toBe(404);
  });

  it("answers coverage", async () => {
    const request = new Request(`http://x/api/v1/meter-data/coverage?meterId=${sydney}&${range}`);
    const response = await coverageEndpoint.answer(request, {}, { db: database.db, actor });
    expect(await response.json()).toMatchObject({ items: [{ expected: 2, present: 2, missing: [] }] });
  });
});
