import { sql } from "drizzle-orm";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { testDatabase } from "../db/testing";
import { intervalStartSql } from "./interval-sql";
import { anchorOf, intervalEnd, intervalHolding, jobIntervals } from "./intervals";

const database = testDatabase();

// Zones whose clocks change at midnight, by half an hour, twice over midnight, never, and by a whole day once.
const zones = [
  "Australia/Sydney",
  "America/Sao_Paulo",
  "Atlantic/Azores",
  "America/Havana",
  "Australia/Lord_Howe",
  "Africa/Cairo",
  "UTC",
  "Asia/Kathmandu",
];

const hours = (from: Date, to: Date) => (to.getTime() - from.getTime()) / 3_600_000;

describe("intervals", () => {
  it("gives 25 and 23 hours to the days clocks change in Sydney", () => {
    const autumn = anchorOf(new Date("2026-04-05T03:00:00Z"), "P1D", "Australia/Sydney");
    expect(autumn.toISOString()).toBe("2026-04-04T13:00:00.000Z");
    expect(hours(autumn, intervalEnd(autumn, "P1D", "Australia/Sydney"))).toBe(25);
    const spring = anchorOf(new Date("2026-10-04T03:00:00Z"), "P1D", "Australia/Sydney");
    expect(hours(spring, intervalEnd(spring, "P1D", "Australia/Sydney"))).toBe(23);
  });

  it("starts a day at 01:00 where midnight is skipped, and the next one at midnight", () => {
    const day = anchorOf(new Date("2018-11-04T12:00:00Z"), "P1D", "America/Sao_Paulo");
    expect(day.toISOString()).toBe("2018-11-04T03:00:00.000Z");
    expect(intervalEnd(day, "P1D", "America/Sao_Paulo").toISOString()).toBe("2018-11-05T02:00:00.000Z");
  });

  it("starts a day at the first of two midnights", () => {
    const day = anchorOf(new Date("2025-10-26T12:00:00Z"), "P1D", "Atlantic/Azores");
    expect(day.toISOString()).toBe("2025-10-26T00:00:00.000Z");
    expect(hours(day, intervalEnd(day, "P1D", "Atlantic/Azores"))).toBe(25);
  });

  it("gives months their own length", () => {
    const february = anchorOf(new Date("2026-02-17T00:00:00Z"), "P1M", "Australia/Sydney");
    expect(february.toISOString()).toBe("2026-01-31T13:00:00.000Z");
    expect(hours(february, intervalEnd(february, "P1M", "Australia/Sydney"))).toBe(28 * 24);
  });

  it("floors hours from local midnight, also where the offset is no whole hour", () => {
    const anchor = anchorOf(new Date("2026-01-01T10:00:00Z"), "PT6H", "Asia/Kathmandu");
    expect(anchor.toISOString()).toBe("2026-01-01T06:15:00.000Z");
  });

  it("keeps the grid when a start moves back over a change of clocks", () => {
    const anchor = new Date("2026-05-01T14:00:00Z");
    const earlier = intervalHolding(anchor, new Date("2026-03-01T00:00:00Z"), "PT6H", "Australia/Sydney");
    expect(hours(earlier, anchor) % 6).toBe(0);
    expect(hours(earlier, new Date("2026-03-01T00:00:00Z"))).toBeLessThan(6);
    const week = intervalHolding(anchor, new Date("2026-04-30T00:00:00Z"), "P7D", "Australia/Sydney");
    expect(intervalEnd(week, "P7D", "Australia/Sydney")).toEqual(anchor);
  });

  it("means the same in SQL as here, in every zone and over every change of clocks", async () => {
    const instants = fc.date({ min: new Date("2010-01-01"), max: new Date("2027-01-01"), noInvalidDate: true });
    await fc.assert(
      fc.asyncProperty(
        instants,
        fc.constantFrom(...jobIntervals),
        fc.constantFrom(...zones),
        async (at, interval, zone) => {
          const start = anchorOf(at, interval, zone);
          expect(start <= at && at < intervalEnd(start, interval, zone)).toBe(true);
          const expected: string[] = [];
          let end = start;
          for (let step = 0; step < 12; step++) {
            end = intervalEnd(end, interval, zone);
            expected.push(end.toISOString());
          }
          const rows = await database.db.execute<{ at: string }>(sql`
            select ${intervalStartSql(sql`${start.toISOString()}::timestamptz`, sql`n`, sql`${interval}::text`, sql`${zone}::text`)} as at
            from generate_series(1, 12) n order by n`);
          expect(rows.map((row) => new Date(row.at).toISOString())).toEqual(expected);
        },
      ),
      { numRuns: 300, examples: [[new Date("2025-10-20T12:00:00Z"), "P1D", "Atlantic/Azores"]] },
    );
  });
});
