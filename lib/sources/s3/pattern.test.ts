import { describe, expect, it } from "vitest";
import { type KeyPattern, keyMatcher, listingPrefixes, parsePattern } from "./pattern";

const sydney = "Australia/Sydney";

function pattern(text: string): KeyPattern {
  const parsed = parsePattern(text);
  if ("problem" in parsed) throw new Error(parsed.problem);
  return parsed;
}

/** Days of Sydney: [from, to). */
function days(from: string, to: string) {
  return { from: new Date(`${from}T00:00:00+11:00`), to: new Date(`${to}T00:00:00+11:00`) };
}

const oneDay = days("2026-11-23", "2026-11-24");
const fits = (text: string, key: string, range = oneDay) => keyMatcher(pattern(text), range, sydney)(key);

describe("a key pattern", () => {
  it.each([
    ["**", "any/thing.csv", true],
    ["*", "thing.csv", true],
    ["*", "any/thing.csv", true],
    ["*.csv", "thing.CSV", false],
    ["*.csv", "thing.csv.gz", false],
    ["a.b(1)+*", "a.b(1)+x", true],
    ["a.b*", "aXb", false],
    ["site-*/**/*.csv", "site-1/a/b/c.csv", true],
    ["site-*/**.csv", "site-1/c.csv", true],
    ["x*", "x", true],
  ])("%s with %s: %s", (text, key, isFitting) => {
    expect(fits(text, key)).toBe(isFitting);
  });

  it.each([
    ["2026-11-21", false],
    ["2026-11-22", true],
    ["2026-11-23", true],
    ["2026-11-24", true],
    ["2026-11-25", false],
    ["2026-02-30", false],
    ["2026-13-01", false],
    ["0000-00-00", false],
  ])("takes the file of %s for the 23rd: %s", (date, isTaken) => {
    expect(fits("{yyyy}-{MM}-{dd}.csv", `${date}.csv`)).toBe(isTaken);
  });

  it("takes a month or a year that reaches into the range or the day beside it", () => {
    expect(fits("{yyyy}{MM}.csv", "202611.csv")).toBe(true);
    expect(fits("{yyyy}{MM}.csv", "202610.csv")).toBe(false);
    expect(fits("{yyyy}{MM}.csv", "202610.csv", days("2026-11-01", "2026-11-02"))).toBe(true);
    expect(fits("{yyyy}{MM}.csv", "202612.csv", days("2026-11-30", "2026-12-01"))).toBe(true);
    expect(fits("{yyyy}.csv", "2026.csv")).toBe(true);
    expect(fits("{yyyy}.csv", "2025.csv")).toBe(false);
  });

  it("takes the hours of its days", () => {
    expect(fits("{yyyy}{MM}{dd}T{HH}.csv", "20261123T07.csv")).toBe(true);
    expect(fits("{yyyy}{MM}{dd}T{HH}.csv", "20261123T77.csv")).toBe(false);
    expect(fits("{yyyy}{MM}{dd}T{HH}.csv", "20261120T07.csv")).toBe(false);
  });

  it("wants a date that is written twice to be the same twice", () => {
    expect(fits("{yyyy}/{MM}/m-{yyyy}{MM}{dd}.csv", "2026/11/m-20261123.csv")).toBe(true);
    expect(fits("{yyyy}/{MM}/m-{yyyy}{MM}{dd}.csv", "2026/10/m-20261123.csv")).toBe(false);
  });

  it("finds the date behind other digits", () => {
    expect(fits("*{yyyy}{MM}{dd}*", "meter-12345678-20261123.csv")).toBe(true);
    expect(fits("*{yyyy}{MM}{dd}*", "meter-12345678-20251123.csv")).toBe(false);
  });

  it("goes by the meter's days, not by UTC's", () => {
    const range = { from: new Date("2026-11-22T13:00:00Z"), to: new Date("2026-11-22T14:00:00Z") };
    expect(fits("{yyyy}{MM}{dd}", "20261124", range)).toBe(true);
    expect(keyMatcher(pattern("{yyyy}{MM}{dd}"), range, "UTC")("20261124")).toBe(false);
  });

  it("takes no longer for a pattern made to take long", () => {
    const slow = `${"**a".repeat(19)}b`;
    const startedAt = performance.now();
    expect(fits(slow, "a".repeat(1000))).toBe(false);
    expect(performance.now() - startedAt).toBeLessThan(5_000);
  });

  it.each([
    ["{yy}", "no token"],
    ["{MM}.csv", "{MM} needs {yyyy}"],
    ["{yyyy}{dd}", "{dd} needs {MM}"],
    ["{yyyy", "{ is no token"],
    ["}", "} is no token"],
    ["*a".repeat(21), "wildcards"],
  ])("refuses %s", (text, words) => {
    expect(parsePattern(text)).toMatchObject({ problem: expect.stringContaining(words) });
  });
});

describe("the listing", () => {
  const prefixes = (text: string, range = oneDay) => listingPrefixes("in/", pattern(text), range, sydney);

  it("is narrowed to text before the first wildcard, and to the days that count", () => {
    expect(prefixes("**")).toEqual(["in/"]);
    expect(prefixes("site-*/x")).toEqual(["in/site-"]);
    expect(prefixes("{yyyy}/{MM}/{dd}/*.csv")).toEqual(["in/2026/11/22/", "in/2026/11/23/", "in/2026/11/24/"]);
    expect(prefixes("m{yyyy}{MM}*{dd}")).toEqual(["in/m202611"]);
    expect(prefixes("{yyyy}{MM}{dd}{HH}.csv")).toEqual(["in/20261122", "in/20261123", "in/20261124"]);
  });

  it("is by month or year where days would be too many", () => {
    const year = prefixes("{yyyy}/{MM}/{dd}/*", days("2026-01-01", "2027-01-01"));
    expect(year).toHaveLength(14);
    expect(year.slice(0, 2)).toEqual(["in/2025/12/", "in/2026/01/"]);
    const decades = prefixes("{yyyy}-{MM}-{dd}", days("2007-01-02", "2026-01-01"));
    expect(decades).toHaveLength(20);
    expect(prefixes("{yyyy}", days("1900-01-01", "2026-01-01"))).toEqual(["in/"]);
  });
});
