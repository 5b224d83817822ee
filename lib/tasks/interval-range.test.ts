import { expect, it } from "vitest";
import { rangeOf } from "./interval-range";

const now = new Date("2026-11-26T00:00:00Z");
const read = (words: Parameters<typeof rangeOf>[0]) => {
  const { from, to } = rangeOf(words, "Australia/Sydney", now);
  return [from?.toISOString(), to?.toISOString()];
};

it("takes days as days of the zone, the last one whole, also when clocks change", () => {
  expect(read({ day: "2026-10-04" })).toEqual(["2026-10-03T14:00:00.000Z", "2026-10-04T13:00:00.000Z"]);
  expect(read({ from: "2026-11-20", to: "2026-11-22" })).toEqual([
    "2026-11-19T13:00:00.000Z",
    "2026-11-22T13:00:00.000Z",
  ]);
});

it("takes instants as they are, and a recent range from now", () => {
  const instant = "2026-11-20T01:00:00.000Z";
  expect(read({ from: instant, to: instant })).toEqual([instant, instant]);
  expect(read({ recent: "24h", from: instant })).toEqual(["2026-11-25T00:00:00.000Z", undefined]);
});

it("leaves out what it cannot read", () => {
  expect(read({ day: "2026-02-30" })).toEqual([undefined, undefined]);
  expect(read({ from: "yesterday", to: "2026-11-22T99:00" })).toEqual([undefined, undefined]);
});
