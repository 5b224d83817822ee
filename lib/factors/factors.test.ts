import { expect, it } from "vitest";
import { emissionFactors } from "../db/schema";
import { testDatabase } from "../db/testing";
import { factorsFor } from "./factors-for";
import { seedStarterFactors } from "./seed-starter-factors";

const database = testDatabase();

it("seeds the editions once, without overlap, the newest open-ended", async () => {
  const seeded = await seedStarterFactors(database.db);
  expect(seeded).toBe(35);
  expect(await seedStarterFactors(database.db)).toBe(0);
  const rows = await database.db.select().from(emissionFactors);
  expect(rows.filter((row) => row.validTo === null).every((row) => row.edition === "2026")).toBe(true);
});

it("gives the factors of a region that hold in the range", async () => {
  await seedStarterFactors(database.db);
  const range = { from: new Date("2025-12-31T00:00:00Z"), to: new Date("2026-01-02T00:00:00Z") };
  const factors = await factorsFor(database.db, "NSW", range);
  expect(factors.map(({ value }) => value)).toEqual(["0.60", "0.64"]);
  expect(await factorsFor(database.db, "NSW", { ...range, from: new Date("2026-01-01T00:00:00Z") })).toHaveLength(1);
});
