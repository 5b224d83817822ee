import { expect, it } from "vitest";
import { askedAgainWords, readingsWord } from "./fact-words";

it("speaks of a source only where there is one to ask", () => {
  expect(askedAgainWords({ type: "etl", isForced: false, forcedBy: null })).toBe("as the job is set");
  expect(askedAgainWords({ type: "etl", isForced: true, forcedBy: "Olga" })).toBe("yes, last forced by Olga");
  expect(askedAgainWords({ type: "mrv", isForced: false, forcedBy: null })).toBeNull();
});

it("counts readings that were stored, and of a record those it used", () => {
  expect(readingsWord({ type: "etl" })).toBe("Readings stored");
  expect(readingsWord({ type: "mrv" })).toBe("Readings used");
});
