import { expect, it } from "vitest";
import type { CellState, GridCell } from "@/lib/jobs/grid";
import { cellReason, cellSentence } from "./cell-look";

const cell = (state: CellState, values: Partial<GridCell> = {}): GridCell => ({
  column: 1,
  state,
  isContinued: false,
  from: "2026-11-22T13:00:00.000Z",
  to: "2026-11-23T13:00:00.000Z",
  taskCount: 0,
  failedCount: 0,
  openCount: 0,
  taskId: null,
  error: null,
  readingsPresent: 0,
  readingsExpected: 288,
  changed: 0,
  waitUntil: null,
  dueAt: null,
  ...values,
});
const time = (iso: string) => iso.slice(11, 16);

it("speaks of collecting in a job that collects, and of records in one that makes them", () => {
  const ahead = cell("not-due", { dueAt: "2026-11-23T13:10:00.000Z" });
  expect(cellReason(ahead, "etl", time)).toBe("Collected from 13:10 on.");
  expect(cellReason(ahead, "mrv", time)).toBe("Its record is made from 13:10 on.");
  expect(cellReason(cell("missing"), "etl", time)).toBe("The job had passed it already. A backfill collects it.");
  expect(cellReason(cell("missing"), "mrv", time)).toBe("The job had passed it already. A backfill makes its record.");
  for (const state of ["cancelled", "no-data", "missing", "not-due"] as const) {
    expect(cellReason(cell(state, ahead.dueAt ? { dueAt: ahead.dueAt } : {}), "mrv", time)).not.toMatch(
      /collect|vendor/i,
    );
  }
});

it("tells a screen reader state, figures and reason", () => {
  const waiting = cell("person", { taskCount: 1, readingsPresent: 288 });
  expect(cellSentence(waiting, "mrv", time)).toBe(
    "Needs a person, 288 of 288 readings. A person decides about its record.",
  );
});
