import { describe, expect, it } from "vitest";
import { timeTicks, valueTicks } from "./axis";
import { gapsOf, pointsOf, restatementsOf, runsOf, stopsOf } from "./series";

const zone = "Australia/Sydney";
const ms = (text: string) => new Date(text).getTime();
const hours = (...values: (number | null)[]) =>
  pointsOf(
    values.map((value, index) => ({
      startAt: new Date(index * 3_600_000),
      endAt: new Date((index + 1) * 3_600_000),
      value,
    })),
  );

describe("the value axis", () => {
  it("starts at 0 with three to five steps of round values", () => {
    expect(valueTicks(10, 183)).toEqual({ ticks: [0, 50, 100, 150, 200], decimals: 0 });
    expect(valueTicks(0, 0.83)).toEqual({ ticks: [0, 0.25, 0.5, 0.75, 1], decimals: 2 });
    expect(valueTicks(-30, 60).ticks).toEqual([-50, -25, 0, 25, 50, 75]);
    expect(valueTicks(0, 0).ticks).toEqual([0, 1]);
  });
});

describe("the time axis", () => {
  it("labels whole hours of a day, and its end as 24:00", () => {
    const ticks = timeTicks(ms("2026-11-22T13:00:00Z"), ms("2026-11-23T13:00:00Z"), zone, 600);
    expect(ticks.map(({ label }) => label)).toEqual(["00:00", "04:00", "08:00", "12:00", "16:00", "20:00", "24:00"]);
  });
  it("keeps to the clock on the day it changes", () => {
    const ticks = timeTicks(ms("2026-04-04T13:00:00Z"), ms("2026-04-05T14:00:00Z"), zone, 200);
    expect(ticks.map(({ label }) => label)).toEqual(["00:00", "12:00", "24:00"]);
    expect(ticks.at(-1)?.at).toBe(ms("2026-04-05T14:00:00Z"));
  });
  it("labels days and months of the zone, fewer where there is no room", () => {
    const week = [ms("2026-11-16T13:00:00Z"), ms("2026-11-21T13:00:00Z")] as const;
    expect(timeTicks(...week, zone, 600).map(({ label }) => label)).toEqual([
      "Tue 17",
      "Wed 18",
      "Thu 19",
      "Fri 20",
      "Sat 21",
    ]);
    expect(timeTicks(...week, zone, 180).map(({ label }) => label)).toEqual(["Tue 17", "Thu 19", "Sat 21"]);
    const year = timeTicks(ms("2025-11-30T13:00:00Z"), ms("2026-11-30T13:00:00Z"), zone, 900);
    expect(year.slice(0, 3).map(({ label }) => label)).toEqual(["Dec", "Jan 2026", "Feb"]);
  });
});

describe("gaps", () => {
  it("are runs of null and holes, but not what lies ahead", () => {
    const points = hours(1, null, null, 4).concat(
      pointsOf([{ startAt: new Date(6 * 3_600_000), endAt: new Date(7 * 3_600_000), value: 2 }]),
    );
    expect(gapsOf(points).map(({ start, end }) => [start / 3_600_000, end / 3_600_000])).toEqual([
      [1, 3],
      [4, 6],
    ]);
    expect(gapsOf(hours(1, 2))).toEqual([]);
  });
  it("break a line", () => {
    expect(runsOf(hours(1, 2, null, 4)).map((run) => run.map(({ value }) => value))).toEqual([[1, 2], [4]]);
  });
});

it("draws a run of restatements once, violet if a record used any of it", () => {
  const points = hours(1, 2, 3, 4).map((point, index) => ({
    ...point,
    restated: index === 3 || (index === 1 ? ("used" as const) : index === 0),
  }));
  expect(restatementsOf(points).map(({ used, count }) => ({ used, count }))).toEqual([
    { used: true, count: 2 },
    { used: false, count: 1 },
  ]);
});

it("lets the cursor stop at every interval of any series", () => {
  const stops = stopsOf([
    { id: "a", points: hours(1, 2) },
    { id: "b", points: hours(5, 6, 7) },
  ]);
  expect(stops.map(({ points }) => [points.a?.value, points.b?.value])).toEqual([
    [1, 5],
    [2, 6],
    [undefined, 7],
  ]);
});
