import { sql } from "drizzle-orm";
import { expect, it } from "vitest";
import { migrateDatabase } from "./migrate";
import { testDatabase } from "./testing";

const database = testDatabase();

it("changes nothing when it runs again", async () => {
  await migrateDatabase(database.url);
  await migrateDatabase(database.url);
});

it("makes ids that sort by time and say version 7", async () => {
  const rows = await database.db.execute<{ id: string }>(sql`select uuid_v7() as id from generate_series(1, 50)`);
  expect(rows.every(({ id }) => /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab]/.test(id))).toBe(true);
  const millis = Number.parseInt((rows[0]?.id ?? "").replaceAll("-", "").slice(0, 12), 16);
  expect(Math.abs(millis - Date.now())).toBeLessThan(60_000);
});

it("refuses two factors of one region and method that are valid at one time", async () => {
  const insert = (from: string, to: string) =>
    database.db.execute(sql`insert into emission_factors
      (publisher, edition, region, scope, method, value, unit, valid_from, valid_to, source)
      values ('P', 'E', 'NSW', '2', 'location', 0.6, 'kg CO2-e/kWh', ${from}, ${to}, 'test')`);
  await insert("2026-01-01Z", "2027-01-01Z");
  await insert("2027-01-01Z", "2028-01-01Z");
  await expect(insert("2026-12-31Z", "2027-02-01Z")).rejects.toThrow();
});
