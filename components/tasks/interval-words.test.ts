import { expect, it } from "vitest";
import { hoursWords, intervalWords } from "./interval-words";

const zone = "Australia/Brisbane";
const words = (from: string, to: string, short = false) =>
  intervalWords(new Date(`${from}+10:00`), new Date(`${to}+10:00`), zone, { short });

it("names a day by its date, several by the first and the last, and less by its hours", () => {
  expect(words("2026-11-22T00:00", "2026-11-23T00:00")).toBe("Sun 22 Nov 2026");
  expect(words("2026-11-16T00:00", "2026-11-23T00:00")).toBe("Mon 16 to Sun 22 Nov 2026");
  expect(words("2026-11-30T00:00", "2026-12-02T00:00")).toBe("Mon 30 Nov to Tue 1 Dec 2026");
  expect(words("2026-11-26T06:55", "2026-11-26T07:00")).toBe("26 Nov 06:55 to 07:00");
});

it("calls the end of a day 24:00, and names the other date where an interval goes over midnight", () => {
  expect(words("2026-11-26T23:55", "2026-11-27T00:00")).toBe("26 Nov 23:55 to 24:00");
  expect(words("2026-11-26T22:00", "2026-11-27T04:00")).toBe("26 Nov 22:00 to 27 Nov 04:00");
  expect(hoursWords(new Date("2026-11-21T14:00Z"), new Date("2026-11-22T14:00Z"), zone)).toBe("00:00 to 24:00");
});

it("is short in lists", () => {
  expect(words("2026-11-22T00:00", "2026-11-23T00:00", true)).toBe("22 Nov");
  expect(words("2026-11-16T00:00", "2026-11-23T00:00", true)).toBe("16 to 22 Nov");
  expect(words("2026-11-26T06:55", "2026-11-26T07:00", true)).toBe("26 Nov 06:55");
});
