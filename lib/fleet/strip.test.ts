import { sql } from "drizzle-orm";
import { expect, it } from "vitest";
import { testDatabase } from "../db/testing";
import { aMeter } from "../testing/builders";
import { coverageByDay, shareOf } from "./strip";

const database = testDatabase();

it("expects 25 hours of the day clocks go back, and nothing before the start or after what is due", async () => {
  const meter = await aMeter(database.db);
  await database.db.execute(sql`insert into meter_data_daily (meter_id, day, readings, estimated, restated, covered_seconds)
    values (${meter.id}::uuid, '2026-04-05', 300, 0, 0, 90000), (${meter.id}::uuid, '2026-04-06', 72, 0, 0, 21600)`);
  const until = new Date("2026-04-06T04:00:00Z");
  const strip = {
    id: meter.id,
    timezone: "Australia/Sydney",
    expectedFrom: new Date("2026-04-04T13:00:00Z"),
    expectedTo: new Date("2026-04-06T02:00:00Z"),
  };
  const days = (await coverageByDay(database.db, [strip], 3, until)).get(meter.id) ?? [];
  expect(days.map(({ day, share, expectedSeconds }) => [day, share, expectedSeconds])).toEqual([
    ["2026-04-04", null, 0],
    ["2026-04-05", 1, 90_000],
    ["2026-04-06", 0.5, 43_200],
  ]);
  expect(shareOf(days)).toBeCloseTo((90_000 + 21_600) / (90_000 + 43_200), 9);
});
