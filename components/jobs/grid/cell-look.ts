import type { StateName } from "@/components/ui/state";
import type { CellState, GridCell, JobGrid } from "@/lib/jobs/grid";

/** Class, mark and word of a cell's state, in the order of the legend. */
export const cellLooks: Record<CellState, { className: string; mark: StateName | null; word: string }> = {
  succeeded: { className: "succeeded", mark: null, word: "Succeeded" },
  partial: { className: "succeeded part", mark: null, word: "Partial" },
  running: { className: "running", mark: "running", word: "Running" },
  queued: { className: "pending", mark: "pending", word: "Queued" },
  due: { className: "pending", mark: "pending", word: "Due" },
  quota: { className: "waiting", mark: "waiting", word: "Waiting for quota" },
  waiting: { className: "waiting", mark: "waiting", word: "Waiting" },
  failed: { className: "failed", mark: "failed", word: "Failed" },
  person: { className: "person", mark: "person", word: "Needs a person" },
  "no-data": { className: "nodata", mark: "no-data", word: "No data from vendor" },
  cancelled: { className: "pending", mark: "cancelled", word: "Cancelled" },
  paused: { className: "pending", mark: "paused", word: "Paused" },
  missing: { className: "due", mark: "pending", word: "No task" },
  "not-due": { className: "due", mark: null, word: "Not due" },
  outside: { className: "outside", mark: null, word: "Outside the job's range" },
  none: { className: "none", mark: null, word: "No such time" },
};

export const cellStates = Object.keys(cellLooks) as CellState[];

/** What a cell's state looks like beside a word. */
export const cellMarks: Record<CellState, StateName> = {
  succeeded: "succeeded",
  partial: "partial",
  running: "running",
  queued: "queued",
  due: "pending",
  quota: "waiting",
  waiting: "waiting",
  failed: "failed",
  person: "person",
  "no-data": "no-data",
  cancelled: "cancelled",
  paused: "paused",
  missing: "pending",
  "not-due": "not-due",
  outside: "not-due",
  none: "not-due",
};

/** How full a partial cell is drawn: at least a sliver, never whole. */
export function fillOf(cell: GridCell): string {
  const share = cell.readingsExpected > 0 ? cell.readingsPresent / cell.readingsExpected : 0;
  return `${Math.round(Math.min(0.92, Math.max(0.12, share)) * 100)}%`;
}

/** What comes of an interval, by the type of its job. */
const workWords = {
  etl: { ahead: "Collected from", makes: "collects it" },
  mrv: { ahead: "Its record is made from", makes: "makes its record" },
} as const;

/** Why a cell of a job of this type is as it is, in a sentence; null where its state says all. */
export function cellReason(cell: GridCell, type: JobGrid["type"], formatTime: (iso: string) => string): string | null {
  const { ahead, makes } = workWords[type];
  switch (cell.state) {
    case "failed":
      return cell.error?.message ?? null;
    case "quota":
    case "waiting":
      return [cell.waitUntil && `Until ${formatTime(cell.waitUntil)}.`, cell.error?.message].filter(Boolean).join(" ");
    case "person":
      return "A person decides about its record.";
    case "no-data":
      return type === "mrv" ? "Its record has no reading." : "The vendor answered, but had no reading for it.";
    case "due":
      return "Its task is made within a minute.";
    case "not-due":
      return cell.dueAt && `${ahead} ${formatTime(cell.dueAt)} on.`;
    case "paused":
      return "The job is paused: it is made up for when the job is resumed.";
    case "missing":
      return `The job had passed it already. A backfill ${makes}.`;
    case "none":
      return "Clocks skip this hour, or the month has no such day.";
    case "cancelled":
      return type === "mrv"
        ? "Its record was rejected, or somebody cancelled it. A retry or a backfill makes another."
        : "Somebody cancelled it. A retry or a backfill collects it.";
    default:
      return null;
  }
}

/** "Failed, 0 of 12 readings", "Waiting for quota, until 11:00", "Failed, 3 of 12 tasks": for screen readers. */
export function cellSentence(cell: GridCell, type: JobGrid["type"], formatTime: (iso: string) => string): string {
  const parts = [cellLooks[cell.state].word, ...cellFigures(cell)];
  const reason = cellReason(cell, type, formatTime);
  return reason ? `${parts.join(", ")}. ${reason}` : parts.join(", ");
}

export function cellFigures(cell: GridCell): string[] {
  if (cell.isContinued) return ["part of a longer interval"];
  if (cell.taskCount === 0) return [];
  const parts: string[] = [];
  if (cell.taskCount > 1 && cell.failedCount > 0) parts.push(`${cell.failedCount} of ${cell.taskCount} tasks failed`);
  else if (cell.taskCount > 1) parts.push(`${cell.taskCount} tasks`);
  parts.push(`${cell.readingsPresent} of ${cell.readingsExpected} readings`);
  if (cell.changed > 0) parts.push(`${cell.changed} restated`);
  return parts;
}
