import { describe, expect, it } from "vitest";
import { dayLook, monthLabels, monthsWords, weeksOf, yearAway } from "./calendar-weeks";

const day = (index: number) => new Date(Date.UTC(2025, 10, 20 + index)).toISOString().slice(0, 10);
const days = Array.from({ length: 371 }, (_, index) => ({
  day: day(index),
  share: 1,
  readings: 288,
  expectedSeconds: 86_400,
  coveredSeconds: 86_400,
}));

describe("a year of days", () => {
  it("begins on a Monday, a week a column, and ends with the last day", () => {
    const cells = weeksOf(days);
    expect(cells[0]).toMatchObject({ day: "2025-11-24", row: 0, column: 0 });
    expect(cells.at(-1)).toMatchObject({ day: "2026-11-25", row: 2, column: 52 });
    expect(monthLabels(cells)[0]).toEqual({ column: 1, label: "Dec" });
    expect(monthsWords(cells)).toBe("Nov 2025 to Nov 2026");
  });
  it("goes a year back and forth, also from 29 February", () => {
    expect(yearAway("2026-11-25", -1)).toBe("2025-11-25");
    expect(yearAway("2028-02-29", -1)).toBe("2027-02-28");
    expect(yearAway("2024-02-28", 1)).toBe("2025-02-28");
  });
});

describe("a day", () => {
  const look = (share: number | null, startsOn: string | null = "2026-01-01") =>
    dayLook({ day: "2026-02-03", share, readings: 1 }, startsOn);
  it("is not full while a reading is missing, and not empty while one is there", () => {
    expect(look(0.9999)).toMatchObject({ className: "p", words: "99.99 % of readings", fill: "94%" });
    expect(look(0.003)).toMatchObject({ className: "p", fill: "8%" });
    expect(look(1).className).toBe("");
    expect(look(0).className).toBe("z");
  });
  it("is not due, or before the start, where nothing is expected", () => {
    expect(look(null).words).toBe("not due yet");
    expect(look(null, "2026-02-04").words).toBe("before the start");
    expect(look(null, null).words).toBe("before the start");
  });
});
