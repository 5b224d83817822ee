import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DecimalScanner, scanDecimals } from "./decimal-scanner";

function scanned(text: string, start = 0): { end: number; value: number } {
  const decimals = new DecimalScanner();
  const end = decimals.scan(text, start);
  return { end, value: decimals.value };
}

describe("DecimalScanner", () => {
  it("reads plain decimals to the very number that Number makes of them", () => {
    const digits = (maxLength: number) => fc.stringMatching(new RegExp(`^\\d{0,${maxLength}}$`));
    fc.assert(
      fc.property(digits(8), digits(7), fc.boolean(), (whole, fraction, hasPoint) => {
        const text = hasPoint ? `${whole}.${fraction}` : whole + fraction;
        fc.pre(text !== "" && text !== ".");
        expect(scanned(text)).toEqual({ end: text.length, value: Number(text) });
      }),
      { numRuns: 2_000 },
    );
  });

  it.each([
    ["12.5,7", 0, 4, 12.5],
    ["12.5,7", 5, 6, 7],
    ["1.2.3", 0, 3, 1.2],
    ["5.", 0, 2, 5],
    ["0.1", 0, 3, 0.1],
    ["999999999999999", 0, 15, 999_999_999_999_999],
  ])("reads %s from %i up to %i", (text, start, end, value) => {
    expect(scanned(text, start)).toEqual({ end, value });
  });

  it.each(["", ".", "-1", "+1", " 1", "e5", "1234567890123456", "0.0000000000000001"])(
    "leaves %j to others",
    (text) => {
      expect(scanned(text).end).toBe(0);
    },
  );
});

describe("scanDecimals", () => {
  const scannedList = (text: string, count: number) => {
    const values = new Float64Array(count);
    const end = scanDecimals(new TextEncoder().encode(text), 0, values);
    return { end, values: [...values] };
  };

  it("reads a list to the very numbers that Number makes of its parts", () => {
    const decimal = fc.stringMatching(/^\d{1,6}(\.\d{0,9})?$|^\.\d{1,9}$/);
    fc.assert(
      fc.property(fc.array(decimal, { minLength: 1, maxLength: 5 }), (parts) => {
        const text = `${parts.join(",")},A,,`;
        expect(scannedList(text, parts.length)).toEqual({ end: text.length - 3, values: parts.map(Number) });
      }),
      { numRuns: 2_000 },
    );
  });

  it.each([
    "1,2",
    "1,,3,",
    "1,-2,",
    "1, 2,",
    "1,2 ,",
    "1,1e2,",
    "1,1.2.3,",
    "1,.,",
    '1,"2",',
    "1,1000000000001,",
    "1,1234567890123456,",
  ])("leaves %j to others", (text) => {
    expect(scannedList(text, 2).end).toBe(-1);
  });

  it("reads the largest amount", () => {
    expect(scannedList("1000000000000,", 1)).toEqual({ end: 14, values: [1e12] });
  });
});
