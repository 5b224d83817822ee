import { sql } from "drizzle-orm";
import { Temporal } from "temporal-polyfill";
import { beforeAll, describe, expect, it } from "vitest";
import type { Actor } from "../auth/actor";
import { testDatabase } from "../db/testing";
import { newId } from "../ids";
import { ensurePartitions } from "../pipeline/etl/partitions";
import { rollUp } from "../pipeline/etl/roll-up";
import { aMeter } from "../testing/builders";
import { type RowsRequest, sourceOf } from "./buckets";
import { listRows } from "./read-rows";
import { readableMeters } from "./readable-meters";

const database = testDatabase();
const actor: Actor = { kind: "system", name: "test" };
const ctx = () => ({ db: database.db, actor });
const zone = "Australia/Sydney";
// Midnights in Sydney, over the end of summer time and three months' ends.
const from = new Date("2026-02-26T13:00:00Z");
const to = new Date("2026-05-02T14:00:00Z");
const now = new Date("2026-06-01T00:00:00Z");
let ids: string[] = [];

beforeAll(async () => {
  await ensurePartitions(database.db, [{ from: from.getTime(), to: to.getTime() }]);
  for (const timezone of [zone, zone, "Australia/Perth"]) {
    const { id } = await aMeter(database.db, { timezone });
    ids = [...ids, id];
    await database.db.execute(sql`
      insert into meter_data (meter_id, timestamp, duration_seconds, e_real_kwh, v_rms_max, pv_estimate_kw, quality, task_id, object_id, revision, ingested_at)
      select ${id}, t, 1800, (n % 13) * 0.001, 230 + n % 17, case when n % 5 > 0 then n % 11 end,
        case when n % 40 = 0 then 'estimated' else 'actual' end::reading_quality, ${newId()}, ${newId()}, 1 + (n % 50 = 0)::int, now()
      from (select t, row_number() over (order by t)::int + ${ids.length} as n
        from generate_series(${from.toISOString()}::timestamptz, ${to.toISOString()}::timestamptz - interval '30 minutes', interval '30 minutes') t) s
      where n % 97 <> 0`);
    await rollUp(database.db, [{ meterId: id, from: from.getTime(), to: to.getTime() }]);
  }
});

/** Buckets made here from the raw rows, by civil time alone. */
async function fromRaw(unit: "hour" | "day" | "month", timezone: string) {
  const raw = await listRows(ctx(), { meterId: ids, from, to, metrics: ["eRealKwh", "vRmsMax", "pvEstimateKw"] }, now);
  const buckets = new Map<
    string,
    {
      meterId: string;
      timestamp: string;
      kwh: number;
      high: number;
      kw: number[];
      readings: number;
      estimated: number;
      restated: number;
    }
  >();
  for (const row of raw) {
    const local = Temporal.Instant.from(row.timestamp).toZonedDateTimeISO(timezone);
    const start =
      unit === "hour"
        ? local.round({ smallestUnit: "hour", roundingMode: "floor" })
        : unit === "day"
          ? local.startOfDay()
          : local.with({ day: 1 }).startOfDay();
    const timestamp = start.toInstant().toString();
    const key = `${row.meterId} ${timestamp}`;
    const bucket = buckets.get(key) ?? {
      meterId: row.meterId,
      timestamp,
      kwh: 0,
      high: 0,
      kw: [],
      readings: 0,
      estimated: 0,
      restated: 0,
    };
    buckets.set(key, bucket);
    bucket.kwh += Math.round(Number(row.eRealKwh) * 1000);
    bucket.high = Math.max(bucket.high, Number(row.vRmsMax));
    if (row.pvEstimateKw !== null) bucket.kw.push(Number(row.pvEstimateKw));
    bucket.readings += 1;
    bucket.estimated += row.quality === "actual" ? 0 : 1;
    bucket.restated += (row.revision ?? 1) > 1 ? 1 : 0;
  }
  return [...buckets.values()].map(({ kwh, high, kw, ...bucket }) => ({
    ...bucket,
    eRealKwh: kwh / 1000,
    vRmsMax: high,
    pvEstimateKw: Number((kw.reduce((sum, each) => sum + each, 0) / kw.length).toFixed(9)),
  }));
}

const cases = [
  ["PT1H", "hour", "Asia/Kathmandu"],
  ["PT1H", "hour", zone],
  ["P1D", "day", zone],
  ["P1D", "day", "Europe/Berlin"],
  ["P1D", "day", "Asia/Kathmandu"],
  ["P1M", "month", zone],
  ["P1M", "month", "America/New_York"],
  ["P1M", "month", "Australia/Lord_Howe"],
] as const;

it.each(cases)(
  "gives %s (%s) in %s as civil time has it, of several meters in their order",
  async (granularity, unit, timezone) => {
    const query = { meterId: ids, from, to, granularity, timezone };
    const rows = await listRows(ctx(), { ...query, metrics: ["eRealKwh", "vRmsMax"] }, now);
    const shown = rows.map(({ coverage: _c, expected: _e, eRealKwh, vRmsMax, ...row }) => ({
      ...row,
      eRealKwh: Number(eRealKwh),
      vRmsMax: Number(vRmsMax),
    }));
    const made = await fromRaw(unit, timezone);
    expect(shown).toEqual(made.map(({ pvEstimateKw: _kw, ...bucket }) => bucket));
  },
);

describe("what rows are made from", () => {
  it("is the largest rollup with the buckets' borders, and readings where a mean would lose its weight", async () => {
    const meters = await readableMeters(ctx(), ids.slice(0, 1));
    const request: RowsRequest = { meters, from, to, granularity: "P1D", timezone: zone, metrics: ["eRealKwh"], now };
    const source = (values: Partial<RowsRequest>) => sourceOf({ ...request, ...values });
    expect(source({})).toBe("days");
    expect(source({ granularity: "P1M" })).toBe("days");
    expect(source({ granularity: "P1M", timezone: "UTC" })).toBe("hours");
    expect(source({ granularity: "P1M", timezone: "Asia/Kathmandu" })).toBe("readings");
    expect(source({ granularity: "PT1H" })).toBe("hours");
    expect(source({ granularity: "PT30M" })).toBe("readings");
    expect(source({ from: new Date(from.getTime() + 3_600_000) })).toBe("hours");
    expect(source({ from: new Date(from.getTime() + 300_000) })).toBe("readings");
    const solar = meters.map((meter) => ({ ...meter, metrics: ["pvEstimateKw"] as const }));
    const means = { meters: solar, metrics: ["pvEstimateKw"] as const };
    expect(source(means)).toBe("days");
    expect(source({ ...means, granularity: "P1M" })).toBe("readings");
    expect(source({ ...means, timezone: "UTC" })).toBe("readings");
  });
});
