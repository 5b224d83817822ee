import { describe, expect, it } from "vitest";
import { differenceOf, figureOf, movedOnto } from "./compare";
import type { ExploreBucket } from "./explore";

const zone = "Australia/Sydney";
const bucket = (startAt: string, minutes = 60): ExploreBucket => ({
  startAt: new Date(startAt).toISOString(),
  endAt: new Date(Date.parse(startAt) + minutes * 60_000).toISOString(),
  values: { eRealKwh: 1 },
  readings: 12,
  expected: 12,
  estimated: 0,
  restated: 0,
});

describe("an earlier range over a later one", () => {
  it("keeps the time of day when clocks changed in between", () => {
    // 10:00 AEST on 28 September and 10:00 AEDT on 5 October 2026.
    const [moved] = movedOnto([bucket("2026-09-28T00:00:00Z")], "P7D", zone);
    expect(moved).toMatchObject({ startAt: "2026-10-04T23:00:00.000Z", endAt: "2026-10-05T00:00:00.000Z" });
  });
  it("keeps one of the two hours that are one a week later", () => {
    const twice = ["2026-04-04T15:00:00Z", "2026-04-04T16:00:00Z"].map((at) => bucket(at));
    expect(movedOnto(twice, "P7D", zone).map(({ startAt }) => startAt)).toEqual(["2026-04-11T16:00:00.000Z"]);
  });
});

describe("figures", () => {
  it("follow the metric's own rule", () => {
    const values = [4, 1, 7];
    expect(["sum", "mean", "min", "max"].map((rule) => figureOf(values, rule as "sum"))).toEqual([12, 4, 1, 7]);
    expect(figureOf([], "sum")).toBeNull();
  });
  it("are compared over what both have, so that a gap is no saving", () => {
    const now = new Map([
      ["a", 11],
      ["c", 22],
    ]);
    const before = new Map([
      ["a", 10],
      ["b", 500],
      ["c", 20],
    ]);
    expect(differenceOf(now, before, "sum")).toEqual({ percent: 10, intervals: 2 });
    expect(differenceOf(now, new Map([["b", 5]]), "sum")).toBeNull();
    expect(differenceOf(new Map([["a", 1]]), new Map([["a", -2]]), "sum")).toEqual({ percent: 150, intervals: 1 });
  });
});
