import { expect, it } from "vitest";
import { exampleKey } from "./example-key";

// In Sydney it is the 26th already.
const at = new Date("2026-11-25T14:30:00Z");

it.each([
  ["exports/", "{yyyy}/{MM}/meter-*-{yyyy}{MM}{dd}.csv", "exports/2026/11/meter-*-20261126.csv"],
  ["exports/", "exports/{yyyy}.csv", "exports/2026.csv"],
  ["", "*", "*"],
])("%s%s means %s", (prefix, pattern, key) => {
  expect(exampleKey(prefix, pattern, at, "Australia/Sydney")).toMatchObject({ key, hasDate: pattern.includes("{") });
});

it("follows the meter's zone, and says what is no token", () => {
  expect(exampleKey("", "{dd}{HH}", at, "UTC")).toMatchObject({ key: "2514" });
  expect(exampleKey("", "{dd}", at, "Nowhere/Land")).toMatchObject({ key: "25", timezone: "UTC" });
  expect(exampleKey("", "{YYYY}-{dd}", at, "UTC")).toEqual({
    problem: "{YYYY} is no token; there are {yyyy}, {MM}, {dd} and {HH}.",
  });
});
