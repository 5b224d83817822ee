import type { StateName } from "@/components/ui/state";
import type { CellState, GridCell } from "@/lib/jobs/grid";

/** Class, mark and word of a cell's state, in the order of the legend. */
export const cellLooks: Record<CellState, { className: string; mark: StateName | null; word: string }> = {
  succeeded: { className: "succeeded", mark: null, word: "Succeeded" },
  partial: { className: "succeeded part", mark: null, word: "Partial" },
  running: { className: "running", mark: "running", word: "Running" },
  queued: { className: "pending", mark: "pending", word: "Queued" },
  quota: { className: "waiting", mark: "waiting", word: "Waiting for quota" },
  waiting: { className: "waiting", mark: "waiting", word: "Waiting" },
  failed: { className: "failed", mark: "failed", word: "Failed" },
  person: { className: "person", mark: "person", word: "Needs a person" },
  "no-data": { className: "nodata", mark: "no-data", word: "No data from vendor" },
  cancelled: { className: "pending", mark: "cancelled", word: "Cancelled" },
  paused: { className: "pending", mark: "paused", word: "Paused" },
  "not-due": { className: "due", mark: null, word: "Not due" },
  outside: { className: "outside", mark: null, word: "Outside the job's range" },
  none: { className: "none", mark: null, word: "No such hour, clocks skip it" },
};

export const cellStates = Object.keys(cellLooks) as CellState[];

/** How full a partial cell is drawn: at least a sliver, never whole. */
export function fillOf(cell: GridCell): string {
  const share = cell.readingsExpected > 0 ? cell.readingsPresent / cell.readingsExpected : 0;
  return `${Math.round(Math.min(0.92, Math.max(0.12, share)) * 100)}%`;
}

/** "Failed, 0 of 12 readings", "Waiting for quota until 11:00", "3 of 12 failed". */
export function cellSentence(cell: GridCell, formatTime: (iso: string) => string): string {
  const { word } = cellLooks[cell.state];
  if (cell.taskCount === 0) return word;
  const parts = [cell.waitUntil && cell.state !== "failed" ? `${word} until ${formatTime(cell.waitUntil)}` : word];
  if (cell.taskCount > 1 && cell.failedCount > 0) parts.push(`${cell.failedCount} of ${cell.taskCount} failed`);
  parts.push(`${cell.readingsPresent} of ${cell.readingsExpected} readings`);
  if (cell.changed > 0) parts.push(`${cell.changed} restated`);
  return parts.join(", ");
}
