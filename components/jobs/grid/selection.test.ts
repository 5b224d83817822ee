import { expect, it } from "vitest";
import type { GridCell, JobGrid } from "@/lib/jobs/grid";
import { boxOf, rangesIn, spanOf, step } from "./selection";

const hour = (day: number, at: number) => new Date(Date.UTC(2026, 10, day, at)).toISOString();

/** Two days of three hours, newest first. */
function aGrid(): JobGrid {
  const cell = (day: number, column: number): GridCell => ({
    column,
    state: "succeeded",
    isContinued: false,
    from: hour(day, column),
    to: hour(day, column + 1),
    taskCount: 1,
    failedCount: 0,
    openCount: 0,
    taskId: `${day}-${column}`,
    error: null,
    readingsPresent: 12,
    readingsExpected: 12,
    changed: 0,
    waitUntil: null,
    dueAt: null,
  });
  const row = (day: number) => ({
    key: `2026-11-0${day}`,
    cells: [0, 1, 2].map((column) => cell(day, column)),
    readingsPresent: 36,
    readingsExpected: 36,
  });
  return {
    type: "etl",
    view: "hours",
    timezone: "UTC",
    rows: [row(2), row(1)],
    columns: [0, 1, 2],
    counts: {},
    hasNewer: false,
    hasOlder: false,
  };
}

it("turns a box of the same hours of two days into one range a day, oldest first, whichever corner it began in", () => {
  const selection = { anchor: { row: 0, column: 2 }, head: { row: 1, column: 1 } };
  expect(boxOf(selection)).toEqual({ top: 0, bottom: 1, left: 1, right: 2 });
  const ranges = rangesIn(aGrid(), selection);
  expect(ranges).toEqual([
    { from: hour(1, 1), to: hour(1, 3) },
    { from: hour(2, 1), to: hour(2, 3) },
  ]);
  expect(spanOf(ranges)).toEqual({ from: hour(1, 1), to: hour(2, 3) });
});

it("takes an interval that goes on over several cells once, as a whole", () => {
  const grid = aGrid();
  for (const cell of grid.rows[0]?.cells ?? [])
    Object.assign(cell, { from: hour(2, 0), to: hour(2, 3), isContinued: true });
  const corner = { row: 0, column: 1 };
  expect(rangesIn(grid, { anchor: corner, head: { row: 0, column: 2 } })).toEqual([
    { from: hour(2, 0), to: hour(2, 3) },
  ]);
});

it("gives nothing where only a skipped hour is selected", () => {
  const grid = aGrid();
  Object.assign(grid.rows[0]?.cells[1] ?? {}, { state: "none", from: null, to: null });
  const corner = { row: 0, column: 1 };
  expect(rangesIn(grid, { anchor: corner, head: corner })).toEqual([]);
  expect(spanOf([])).toBeNull();
});

it("keeps arrows inside the grid", () => {
  expect(step({ row: 0, column: 0 }, "ArrowUp", 2, 3)).toEqual({ row: 0, column: 0 });
  expect(step({ row: 0, column: 0 }, "ArrowRight", 2, 3)).toEqual({ row: 0, column: 1 });
  expect(step({ row: 1, column: 2 }, "ArrowDown", 2, 3)).toEqual({ row: 1, column: 2 });
  expect(step({ row: 1, column: 2 }, "x", 2, 3)).toBeNull();
});
