import { asc } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import type { Actor } from "../auth/actor";
import { auditLog, emissionFactors } from "../db/schema";
import { testDatabase } from "../db/testing";
import { Conflict, Forbidden, InvalidInput } from "../errors";
import { createFactor } from "./create-factor";
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

describe("createFactor", () => {
  const admin: Actor = { kind: "user", id: "a", name: "Ada", roles: ["admin"] };
  const ctx = () => ({ db: database.db, actor: admin });
  const range = { from: new Date("2026-12-31T00:00:00Z"), to: new Date("2027-01-02T00:00:00Z") };
  const factor = {
    publisher: "P",
    edition: "1",
    region: "X",
    value: "0.5",
    source: "Test",
    validFrom: "2026-01-01T00:00:00Z",
  };

  it("ends an open factor where the next begins, and keeps both changes in the log", async () => {
    const first = await createFactor(ctx(), factor);
    const next = await createFactor(ctx(), { ...factor, edition: "2", value: 0.4, validFrom: "2027-01-01T00:00:00Z" });
    expect((await factorsFor(database.db, "X", range)).map(({ value }) => value)).toEqual(["0.4", "0.5"]);
    const rows = await database.db.select().from(auditLog).orderBy(asc(auditLog.seq));
    expect(rows.map(({ action, objectId }) => [action, objectId])).toEqual([
      ["factor.created", first.id],
      ["factor.ended", first.id],
      ["factor.created", next.id],
    ]);
  });

  it("refuses what would hold twice at one time, unless the other was wrong", async () => {
    const wrong = await createFactor(ctx(), { ...factor, region: "Y", validTo: "2027-01-01T00:00:00Z" });
    const right = { ...factor, region: "Y", value: "0.6", validFrom: "2026-06-01T00:00:00Z" };
    await expect(createFactor(ctx(), right)).rejects.toBeInstanceOf(Conflict);
    await createFactor(ctx(), { ...right, supersedes: wrong.id });
    expect((await factorsFor(database.db, "Y", range)).map(({ value }) => value)).toEqual(["0.6"]);
  });

  it("is for administrators, and takes no value that is none", async () => {
    const operator: Actor = { ...admin, roles: ["operator"] };
    await expect(createFactor({ db: database.db, actor: operator }, factor)).rejects.toBeInstanceOf(Forbidden);
    for (const value of ["-1", "0,5", "1e3", Number.NaN]) {
      await expect(createFactor(ctx(), { ...factor, region: "Z", value })).rejects.toThrow();
    }
    const backwards = { ...factor, region: "Z", validTo: "2025-01-01T00:00:00Z" };
    await expect(createFactor(ctx(), backwards)).rejects.toBeInstanceOf(InvalidInput);
  });
});
