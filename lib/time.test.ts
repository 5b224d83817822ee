import { expect, it } from "vitest";
import { addDuration, dayStart, isTimezone, startOfDay } from "./time";

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
  expect(isTimezone("UTC")).toBe(true);
  // PostgreSQL takes these too, with the other sign or without daylight saving.
  for (const zone of ["+10:00", "-05", "CET", "EST", "EST5EDT"]) expect(isTimezone(zone)).toBe(false);
});

it("finds the start of a civil day, after midnight where clocks skip it, and no day that is none", () => {
  expect(dayStart("2026-04-05", "Australia/Sydney")?.toISOString()).toBe("2026-04-04T13:00:00.000Z");
  // Beirut went from 23:59 to 01:00.
  expect(dayStart("2026-03-29", "Asia/Beirut")?.toISOString()).toBe("2026-03-28T22:00:00.000Z");
  expect(dayStart("2026-02-30", "UTC")).toBeNull();
  expect(dayStart("tomorrow", "UTC")).toBeNull();
});
