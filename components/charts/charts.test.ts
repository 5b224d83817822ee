import { describe, expect, it } from "vitest";
import { timeTicks, valueAxis } from "./axis";
import { gapsOf, nearestStop, pointsOf, restatementsOf, runsOf, stopsOf } from "./series";
import { movedEdge, snapped } from "./strip-window";

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
    expect(valueAxis(10, 183)).toEqual({ ticks: [0, 50, 100, 150, 200], decimals: 0, domain: [0, 200] });
    expect(valueAxis(0, 0.83)).toEqual({ ticks: [0, 0.25, 0.5, 0.75, 1], decimals: 2, domain: [0, 1] });
    expect(valueAxis(-30, 60)).toMatchObject({ ticks: [-50, -25, 0, 25, 50, 75], domain: [-50, 75] });
    expect(valueAxis(0, 0).ticks).toEqual([0, 1]);
  });
  it("draws what is a little below 0 to scale, without a step for it", () => {
    expect(valueAxis(-0.006, 7.6)).toMatchObject({ ticks: [0, 2, 4, 6, 8], domain: [-0.006, 8] });
    expect(valueAxis(-7.6, 0.006)).toMatchObject({ ticks: [-8, -6, -4, -2, 0], domain: [-8, 0.006] });
    expect(valueAxis(-3, 0).ticks).toEqual([-3, -2, -1, 0]);
    expect(valueAxis(-1.6, 7.6).ticks).toEqual([-2.5, 0, 2.5, 5, 7.5, 10]);
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
  it("names noon where days are wide, also of the day a range begins in", () => {
    const labels = (from: string, to: string, width: number) =>
      timeTicks(ms(from), ms(to), zone, width).map(({ label }) => label);
    expect(labels("2026-11-16T13:00:00Z", "2026-11-19T13:00:00Z", 900)).toEqual([
      "Tue 17",
      "12:00",
      "Wed 18",
      "12:00",
      "Thu 19",
      "12:00",
    ]);
    expect(labels("2026-11-16T19:00:00Z", "2026-11-19T13:00:00Z", 900)[0]).toBe("12:00");
    // 4 October has 23 hours; its noon is still noon.
    expect(labels("2026-10-02T14:00:00Z", "2026-10-05T13:00:00Z", 900)).toContain("12:00");
    expect(timeTicks(ms("2026-10-02T14:00:00Z"), ms("2026-10-05T13:00:00Z"), zone, 900)[3]?.at).toBe(
      ms("2026-10-04T01:00:00Z"),
    );
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

describe("the cursor", () => {
  it("stands at the interval that holds an instant, or the nearest one", () => {
    const stops = [
      ...hours(1, 2),
      ...pointsOf([{ startAt: new Date(6 * 3_600_000), endAt: new Date(7 * 3_600_000), value: 3 }]),
    ];
    const at = (hour: number) => (nearestStop(stops, hour * 3_600_000)?.start ?? -1) / 3_600_000;
    expect([-1, 0.5, 1, 1.9, 3, 5, 6.5, 9].map(at)).toEqual([0, 0, 1, 1, 1, 6, 6, 6]);
    expect(nearestStop([], 0)).toBeUndefined();
  });
});

describe("a window drawn by hand", () => {
  const days = (window: { from: Date; to: Date } | null) =>
    window && [window.from.toISOString(), window.to.toISOString()];
  it("falls on the nearest whole days, and is never empty", () => {
    expect(days(snapped({ from: ms("2026-11-16T18:00:00Z"), to: ms("2026-11-21T06:00:00Z") }, zone))).toEqual([
      "2026-11-16T13:00:00.000Z",
      "2026-11-21T13:00:00.000Z",
    ]);
    expect(days(snapped({ from: ms("2026-11-17T02:00:00Z"), to: ms("2026-11-17T02:10:00Z") }, zone))).toEqual([
      "2026-11-16T13:00:00.000Z",
      "2026-11-17T13:00:00.000Z",
    ]);
  });
  it("keeps to midnight over a change of clocks, and its edges apart", () => {
    const window = { from: new Date("2026-04-04T13:00:00Z"), to: new Date("2026-04-05T14:00:00Z") };
    expect(days(movedEdge(window, "to", 1, zone))).toEqual(["2026-04-04T13:00:00.000Z", "2026-04-06T14:00:00.000Z"]);
    expect(movedEdge(window, "to", -1, zone)).toBeNull();
  });
});
