import { expect, it } from "vitest";
import { addDuration, isTimezone, startOfDay } from "./time";

const hours = (from: Date, to: Date) => (to.getTime() - from.getTime()) / 3_600_000;

it("gives days of 25 and 23 hours where clocks change", () => {
  for (const [day, length] of [
    ["2026-04-05T05:00:00Z", 25],
    ["2026-10-04T05:00:00Z", 23],
    ["2026-07-01T05:00:00Z", 24],
  ] as const) {
    const start = startOfDay(new Date(day), "Australia/Sydney");
    expect(hours(start, addDuration(start, "P1D", "Australia/Sydney"))).toBe(length);
  }
});

it("knows IANA zones only", () => {
  expect(isTimezone("Australia/Lord_Howe")).toBe(true);
  expect(isTimezone("Mars/Olympus")).toBe(false);
});
