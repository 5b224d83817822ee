import { describe, expect, it } from "vitest";
import { formatAge, formatInstant, formatLength, formatNumber, formatSigned, zoneName } from "./format";

const at = new Date("2026-11-22T05:42:08Z");

describe("numbers", () => {
  it("groups thousands, keeps the asked decimals and writes a real minus", () => {
    expect(formatNumber(2906.4)).toBe("2,906");
    expect(formatNumber("1.7970", 3)).toBe("1.797");
    expect(formatNumber(-4.25, 1)).toBe("−4.3");
    expect(formatNumber(-0.004, 1)).toBe("0.0");
  });
  it("signs a difference, but not zero", () => {
    expect(formatSigned(10.36)).toBe("+10.4");
    expect(formatSigned(-3.5)).toBe("−3.5");
    expect(formatSigned(0.01)).toBe("0.0");
  });
  it("refuses what is no number instead of showing NaN", () => {
    expect(() => formatNumber("abc")).toThrow(RangeError);
  });
});

describe("lengths and ages", () => {
  it("uses two units at most", () => {
    expect(formatLength(18)).toBe("18 s");
    expect(formatLength(190)).toBe("3 min 10 s");
    expect(formatLength(190, { coarse: true })).toBe("3 min");
    expect(formatLength(4320)).toBe("1 h 12 min");
    expect(formatLength(187_200)).toBe("2 d 4 h");
  });
  it("tells past from future", () => {
    expect(formatAge(at, new Date(at.getTime() + 7 * 60_000))).toBe("7 min ago");
    expect(formatAge(at, new Date(at.getTime() + 10_000))).toBe("now");
    expect(formatAge(at, new Date(at.getTime() - 18_000))).toBe("in 18 s");
    expect(formatAge(at, new Date(at.getTime() - 5_000))).toBe("in 5 s");
    for (const ahead of [0, 300, 4_900]) expect(formatAge(at, new Date(at.getTime() - ahead))).toBe("now");
  });
});

describe("instants", () => {
  it("writes the civil time of the zone", () => {
    expect(formatInstant(at, "Australia/Sydney", "date-time")).toBe("22 Nov 16:42");
    expect(formatInstant(at, "UTC", "full")).toBe("Sun 22 Nov 2026 05:42:08");
    expect(formatInstant(new Date("2026-11-22T13:00:00Z"), "Australia/Sydney", "time")).toBe("00:00");
  });
  it("names the zone at that instant, so that summer time shows", () => {
    expect(zoneName("Australia/Sydney", at)).toBe("AEDT");
    expect(zoneName("Australia/Sydney", new Date("2026-07-01T00:00:00Z"))).toBe("AEST");
    expect(zoneName("UTC", at)).toBe("UTC");
  });
});
