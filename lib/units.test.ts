import { expect, it } from "vitest";
import { carbonTons, joulesToKwh, kwToKwh, roundTo } from "./units";

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
