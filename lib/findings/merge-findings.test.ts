import { expect, it } from "vitest";
import type { Found } from "./check";
import { mergeFindings, type Stored } from "./merge-findings";

const HOUR = 3600;

/** A run of zeros from one hour to another; 36 hours are the threshold. */
const run = (from: number, to: number): Found => ({
  from: from * HOUR,
  to: to * HOUR,
  figure: to - from,
  threshold: 36,
  unit: "h",
  sentence: "Every reading is zero.",
});
const stored = (id: string, found: Found, isCleared = false): Stored => ({ ...found, id, isCleared });
const hours = (from: number, to: number) => ({ from: from * HOUR, to: to * HOUR });

it("leaves a row alone that is found again as it was", () => {
  const row = stored("a", run(0, 40));
  expect(mergeFindings(hours(0, 48), [run(0, 40)], [row], "length")).toEqual({ write: [], same: ["a"], clear: [] });
});

it("joins what goes over the edge of what was looked at, with the hours of both", () => {
  const change = mergeFindings(hours(240, 264), [run(200, 264)], [stored("a", run(0, 240))], "length");
  expect(change).toEqual({ write: [{ ...run(0, 264), id: "a", wasCleared: false }], same: [], clear: [] });
});

it("keeps of a row that healed in the middle only what is long enough by itself", () => {
  const change = mergeFindings(hours(48, 72), [], [stored("a", run(20, 200))], "length");
  expect(change.write).toEqual([{ ...run(72, 200), id: "a", wasCleared: false }]);
  expect(mergeFindings(hours(24, 48), [], [stored("a", run(0, 50))], "length")).toEqual({
    write: [],
    same: [],
    clear: ["a"],
  });
});

it("takes the word of a check that sees all of it over what is stored outside", () => {
  const gap = (from: number, to: number): Found => ({ ...run(from, to), figure: (to - from) * 60, unit: "min" });
  const change = mergeFindings(hours(24, 48), [gap(48, 60)], [stored("a", gap(20, 60))], "whole");
  expect(change.write).toEqual([{ ...gap(48, 60), id: "a", wasCleared: false }]);
  expect(mergeFindings(hours(24, 48), [], [stored("a", gap(20, 60))], "whole").clear).toEqual(["a"]);
});

it("opens a cleared row of the same start again instead of storing a second one", () => {
  const change = mergeFindings(hours(0, 48), [run(0, 40)], [stored("a", run(0, 38), true)], "length");
  expect(change.write).toEqual([{ ...run(0, 40), id: "a", wasCleared: true }]);
});

it("says nothing of rows that the stretch does not touch", () => {
  const rows = [stored("a", run(0, 40)), stored("b", run(100, 140))];
  expect(mergeFindings(hours(50, 90), [run(95, 140)], rows, "length")).toEqual({ write: [], same: [], clear: [] });
});
