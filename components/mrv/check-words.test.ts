import { expect, it } from "vitest";
import { checkWords, notApplicableWords } from "./check-words";

const counts = (checksPassed: number, checksFailed: number, checksNotApplicable: number) => ({
  checksPassed,
  checksFailed,
  checksNotApplicable,
});

it("leaves no check out of the count: what does not apply is said", () => {
  expect(checkWords(counts(19, 0, 2))).toBe("19 passed, 2 do not apply");
  expect(checkWords(counts(18, 1, 2))).toBe("1 failed, 18 passed, 2 do not apply");
  expect(checkWords(counts(20, 0, 1))).toBe("20 passed, 1 does not apply");
  expect(checkWords(counts(19, 0, 2), { short: true })).toBe("19 passed, 2 n/a");
  expect(notApplicableWords(counts(19, 0, 2))).toBe("2 do not apply");
});

it("says that all passed only where all apply, and nothing before they ran", () => {
  expect(checkWords(counts(21, 0, 0))).toBe("All passed");
  expect(checkWords(counts(21, 0, 0), { short: true })).toBe("21 passed");
  expect(checkWords(counts(0, 21, 0))).toBe("21 failed");
  expect(checkWords(counts(0, 0, 0))).toBeNull();
  expect(notApplicableWords(counts(21, 0, 0))).toBeNull();
});
