import { describe, expect, it } from "vitest";
import { comparedRange, daysIn, defaultGranularity, isFineEnough, rangeOf, surroundings } from "./explore-ranges";

const zone = "Australia/Sydney";
const now = new Date("2026-11-23T05:42:00Z");
const iso = ({ from, to }: { from: Date; to: Date }) => [from.toISOString(), to.toISOString()];
const ask = (from: string | null, to: string | null) => rangeOf({ preset: "P7D", from, to }, zone, now);

describe("the range of the address", () => {
  it("is whole days of the site, the last one included", () => {
    expect(iso(ask("2026-11-17", "2026-11-21"))).toEqual(["2026-11-16T13:00:00.000Z", "2026-11-21T13:00:00.000Z"]);
  });
  it("has 25 hours on the day clocks go back", () => {
    expect(iso(ask("2026-04-05", "2026-04-05"))).toEqual(["2026-04-04T13:00:00.000Z", "2026-04-05T14:00:00.000Z"]);
  });
  it("takes instants, and falls back to the preset for what is no range", () => {
    expect(ask("2026-11-20T01:30:00Z", "2026-11-20T05:00:00Z")).toMatchObject({ isPreset: false });
    for (const [from, to] of [
      ["2026-11-21", "2026-11-17"],
      ["2026-02-30", "2026-03-01"],
      ["1900-01-01", "2026-11-21"],
      ["yesterday", "today"],
      [null, "2026-11-21"],
    ] as const) {
      expect(iso(ask(from, to))).toEqual(["2026-11-16T13:00:00.000Z", "2026-11-23T13:00:00.000Z"]);
    }
  });
});

describe("an earlier range", () => {
  it("keeps the time of day over a change of clocks", () => {
    // Clocks went forward on 4 October: a week before is 168 hours and one hour of offset away.
    const week = ask("2026-10-05", "2026-10-11");
    expect(iso(comparedRange(week, "week", zone))).toEqual(["2026-09-27T14:00:00.000Z", "2026-10-04T13:00:00.000Z"]);
    expect(daysIn(comparedRange(week, "week", zone), zone)).toBe(7);
  });
  it("is as many days before, or the same dates a year ago", () => {
    const days = ask("2026-11-17", "2026-11-21");
    expect(iso(comparedRange(days, "before", zone))[1]).toBe(days.from.toISOString());
    expect(iso(comparedRange(days, "year", zone))).toEqual(["2025-11-16T13:00:00.000Z", "2025-11-21T13:00:00.000Z"]);
  });
});

it("shows no more points than there is room for", () => {
  const month = ask("2026-10-25", "2026-11-23");
  expect(isFineEnough("raw", month, 300)).toBe(false);
  expect(isFineEnough("raw", month, 1800)).toBe(true);
  expect(isFineEnough("PT30M", month, 300)).toBe(true);
  expect(defaultGranularity(ask("2026-11-23", "2026-11-23"))).toBe("raw");
  expect(defaultGranularity(month)).toBe("PT1H");
  expect(defaultGranularity(ask("2025-11-24", "2026-11-23"))).toBe("P1D");
});

it("holds the range in its surroundings, which end with today at the latest unless the range does not", () => {
  for (const range of [
    ask("2026-11-17", "2026-11-21"),
    ask("2025-11-24", "2026-11-23"),
    ask("2026-12-01", "2026-12-03"),
  ]) {
    const strip = surroundings(range, zone, now);
    expect(strip.from.getTime()).toBeLessThanOrEqual(range.from.getTime());
    expect(strip.to.getTime()).toBeGreaterThanOrEqual(range.to.getTime());
  }
  expect(iso(surroundings(ask("2026-11-17", "2026-11-21"), zone, now))).toEqual([
    "2026-10-24T13:00:00.000Z",
    "2026-11-23T13:00:00.000Z",
  ]);
});
