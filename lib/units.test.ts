import { describe, expect, it } from "vitest";
import { carbonTons, decimalTimesPowerOfTen, joulesToKwh, kwToKwh, roundTo } from "./units";

it("converts joules, watt-hours and mean power", () => {
  expect(joulesToKwh(3_639_405)).toBeCloseTo(1.010945833333, 12);
  expect(kwToKwh(1.7069, 1800)).toBeCloseTo(0.85345, 12);
  expect(carbonTons(1000, 0.64)).toBeCloseTo(0.64, 12);
});

it("rounds half away from zero and takes the dust off", () => {
  expect(roundTo(0.1 + 0.2, 9)).toBe(0.3);
  expect(roundTo(1.005, 2)).toBe(1.01);
  expect(roundTo(-1.005, 2)).toBe(-1.01);
  expect(Object.is(roundTo(-0.0000000001, 9), 0)).toBe(true);
  expect(roundTo(1e300, 9)).toBe(1e300);
});

describe("a decimal times a power of ten", () => {
  it.each([
    ["2110969", -6, 2.110969],
    ["0.1", 0, 0.1],
    ["-12.50", 3, -12_500],
    ["1.5e3", -3, 1.5],
    [".5", -1, 0.05],
    ["12x", -3, Number.NaN],
    ["", -3, Number.NaN],
  ])("%s by %i", (text, exponent, expected) => {
    expect(decimalTimesPowerOfTen(text, exponent)).toBe(expected);
  });

  it("is the nearest number, where multiplying is not", () => {
    expect(decimalTimesPowerOfTen("1.1", -3)).toBe(0.0011);
    expect(decimalTimesPowerOfTen("5", -6)).toBe(0.000005);
    expect(5 * 10 ** -6).not.toBe(0.000005);
  });
});
