import { expect, it } from "vitest";
import { decimalWords, longHash, percentWords, periodWords } from "./record-words";

const SYDNEY = "Australia/Sydney";

it("writes decimal text with every digit, and rounds only where it is told to", () => {
  expect(decimalWords("15284.912")).toBe("15,284.912");
  expect(decimalWords("12345678901234567.123456789")).toBe("12,345,678,901,234,567.123456789");
  expect(decimalWords("0.0004996", 3)).toBe("0.000");
  expect(decimalWords("999.9995", 3)).toBe("1,000.000");
  expect(decimalWords("0.0005", 3)).toBe("0.001");
  expect(decimalWords("12.5", 3)).toBe("12.5");
  expect(decimalWords("-1234.5678", 2)).toBe("−1,234.57");
  expect(decimalWords("-0.0001", 2)).toBe("0.00");
  expect(decimalWords("1.5", 0)).toBe("2");
});

it("never says 100 % of less", () => {
  expect(percentWords(1)).toBe("100");
  expect(percentWords(0.9999999)).toBe("99.999");
  expect(percentWords(0.912)).toBe("91.2");
  expect(percentWords(287 / 288)).toBe("99.652");
});

it("calls a whole month of the zone by its name, and a day or hours as intervals are", () => {
  const october = [new Date("2026-09-30T14:00:00Z"), new Date("2026-10-31T13:00:00Z")] as const;
  expect(periodWords(...october, SYDNEY)).toBe("October 2026");
  expect(periodWords(...october, SYDNEY, { short: true })).toBe("Oct 2026");
  expect(periodWords(...october, "UTC")).toBe("30 Sep 14:00 to 31 Oct 13:00");
  const day = [new Date("2026-09-30T14:00:00Z"), new Date("2026-10-01T14:00:00Z")] as const;
  expect(periodWords(...day, SYDNEY)).toBe("Thu 1 Oct 2026");
  const quarter = [new Date("2026-09-30T14:00:00Z"), new Date("2026-12-31T13:00:00Z")] as const;
  expect(periodWords(...quarter, SYDNEY)).toBe("Thu 1 Oct to Thu 31 Dec 2026");
});

it("writes a hash by its ends", () => {
  expect(longHash("7be29f04aaaa0000bbbbd1a841c9")).toBe("7be2 9f04 … d1a8 41c9");
});
