import { expect, it } from "vitest";
import { rangeWords } from "./range-words";

const zone = "Australia/Sydney";
const words = (from: string, to: string) => rangeWords(new Date(from), new Date(to), zone);

it("names a range by its days, each part once", () => {
  expect(words("2026-11-16T13:00Z", "2026-11-21T13:00Z")).toBe("17 to 21 Nov 2026");
  expect(words("2026-10-29T13:00Z", "2026-11-03T13:00Z")).toBe("30 Oct to 3 Nov 2026");
  expect(words("2025-12-30T13:00Z", "2026-01-02T13:00Z")).toBe("31 Dec 2025 to 2 Jan 2026");
  expect(words("2026-11-19T13:00Z", "2026-11-20T13:00Z")).toBe("20 Nov 2026");
});

it("has 25 hours and one name on the day clocks go back", () => {
  expect(words("2026-04-04T13:00Z", "2026-04-05T14:00Z")).toBe("5 Apr 2026");
});

it("gives times where it is not whole days", () => {
  expect(words("2026-11-19T20:00Z", "2026-11-20T01:30Z")).toBe("20 Nov 07:00 to 12:30");
  expect(words("2026-11-19T20:00Z", "2026-11-20T20:00Z")).toBe("20 Nov 07:00 to 21 Nov 07:00");
});
