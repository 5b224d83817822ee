import { describe, expect, it } from "vitest";
import { collectReadings } from "./collect-readings";
import type { Reading } from "./contract";
import { ReadingColumns } from "./reading-columns";
import { Readings } from "./readings";
import { rankOf } from "./worst-quality";

const HOUR = 3600;
const range = { from: new Date(0), to: new Date(10 * HOUR * 1000) };

function hour(at: number, eRealKwh: number | null, more: Partial<Reading> = {}): Reading {
  return { startEpochSeconds: at * HOUR, durationSeconds: HOUR, quality: "actual", eRealKwh, ...more };
}

const startsOf = (readings: Readings) => [...readings].map(({ startEpochSeconds }) => startEpochSeconds / HOUR);

describe("collectReadings", () => {
  it("gives back what was put in, null as null and what is absent from all as absent", () => {
    const some = [hour(1, 0.5), hour(2, null, { quality: "estimated", eReactiveKvarh: -2 })];
    const readings = collectReadings([...some], range);
    expect([...readings]).toEqual([{ ...some[0], eReactiveKvarh: null }, some[1]]);
    expect([readings.length, [...readings.values.keys()]]).toEqual([2, ["eRealKwh", "eReactiveKvarh"]]);
  });

  it("sorts, keeps the later of one start and only what starts inside the range", () => {
    const readings = collectReadings([hour(3, 3), hour(-1, 9), hour(1, 1), hour(3, 4), hour(10, 9)], range);
    expect([...readings].map(({ eRealKwh }) => eRealKwh)).toEqual([1, 4]);
  });

  it("rounds to the digits the registry keeps", () => {
    expect(collectReadings([hour(1, 0.1 + 0.2)], range).readingAt(0).eRealKwh).toBe(0.3);
  });
});

describe("Readings", () => {
  const readings = collectReadings([hour(1, 1), hour(2, null), hour(4, 4, { quality: "forecast" })], range);

  it("counts those before an instant, wherever it lies", () => {
    expect([0, 1, 1.5, 2, 4, 5].map((at) => readings.countBefore(at * HOUR))).toEqual([0, 0, 1, 1, 2, 3]);
    expect(Readings.none.countBefore(HOUR)).toBe(0);
  });

  it("gives those of a narrower range and of some places, on the same memory", () => {
    const part = readings.within({ from: new Date(2 * HOUR * 1000), to: new Date(4 * HOUR * 1000) });
    expect([...part]).toEqual([readings.readingAt(1)]);
    expect(startsOf(readings.slice(1, 9))).toEqual([2, 4]);
    expect(readings.slice(1, 3).values.get("eRealKwh")?.buffer).toBe(readings.values.get("eRealKwh")?.buffer);
    expect(readings.slice(0, 3)).toBe(readings);
  });

  it("keeps those asked for, with all they say", () => {
    expect([...readings.filter((index) => index !== 1)]).toEqual([readings.readingAt(0), readings.readingAt(2)]);
    expect(readings.filter(() => true)).toBe(readings);
  });

  it("tells which metrics any of them has", () => {
    expect(readings.has("eRealKwh")).toBe(true);
    expect(readings.slice(1, 2).has("eRealKwh")).toBe(false);
    expect([readings.has("vRmsMin"), readings.has("carbonTons")]).toEqual([false, false]);
  });

  it("has nothing beyond its end", () => {
    expect(() => readings.readingAt(3)).toThrow("There is no reading 3 among 3.");
  });
});

describe("ReadingColumns", () => {
  const columnsOf = (ranks: number[], most = ranks.length) => {
    const columns = new ReadingColumns(["eRealKwh", "vRmsMin"], most);
    const energy = columns.column("eRealKwh");
    for (const [at, rank] of ranks.entries()) {
      columns.startEpochSeconds[at] = at * HOUR;
      columns.durationSeconds[at] = HOUR;
      columns.qualityRanks[at] = rank;
      energy[at] = at;
    }
    columns.length = ranks.length;
    return columns;
  };
  const actual = rankOf("actual");

  it("gives what was written, and null for what was not", () => {
    expect([...columnsOf([actual], 5).readings()]).toEqual([{ ...hour(0, 0), vRmsMin: null }]);
    expect(() => columnsOf([]).column("vRmsMax")).toThrow("There is no column for vRmsMax.");
  });

  it("drops what has no quality from a place on, and leaves the places behind it as they were at first", () => {
    const columns = columnsOf([0, actual, 0, actual, 0], 7);
    columns.dropUnranked(1);
    expect(columns.length).toBe(3);
    expect([...columns.startEpochSeconds.subarray(0, 3)]).toEqual([0, HOUR, 3 * HOUR]);
    expect([...columns.column("eRealKwh")]).toEqual([0, 1, 3, ...Array(4).fill(Number.NaN)]);
    expect([...columns.qualityRanks]).toEqual([0, actual, actual, 0, 0, 0, 0]);
  });
});
