import { expect, it } from "vitest";
import { retryDelayMs } from "./retry-delay";

it("grows with each retry up to two hours, and spreads what failed together", () => {
  const seconds = (retry: number): number[] => Array.from({ length: 50 }, () => retryDelayMs(null, retry) / 1_000);
  for (const [retry, least] of [
    [1, 10],
    [2, 30],
    [3, 60],
    [20, 7_200],
  ] as const) {
    expect(Math.min(...seconds(retry))).toBeGreaterThanOrEqual(least);
    expect(Math.max(...seconds(retry))).toBeLessThanOrEqual(least + 10);
    expect(new Set(seconds(retry)).size).toBeGreaterThan(1);
  }
});

it("follows a configured list, whose last value serves all further retries", () => {
  expect([1, 2, 3].map((retry) => retryDelayMs([5, 7], retry))).toEqual([5, 7, 7]);
});
