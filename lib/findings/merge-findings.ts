import type { Check, Found } from "./check";

/** A finding of one check as it is stored. Epoch seconds. */
export interface Stored extends Found {
  id: string;
  isCleared: boolean;
}

export interface Change {
  /** Findings to be written: with an id an open or cleared row that becomes it, without one a new row. */
  write: (Found & { id?: string; wasCleared: boolean })[];
  /** Open rows that are what was found again. */
  same: string[];
  /** Rows whose cause is gone. */
  clear: string[];
}

interface Window {
  from: number;
  to: number;
}

/**
 * What becomes of one check's rows when the stretch `window` was looked at again. What rows said outside of it stays; a row
 * that goes over its edge is joined with what was found there, so that a run of months is one finding.
 */
export function mergeFindings(
  window: Window,
  found: readonly Found[],
  stored: readonly Stored[],
  over: Check["over"],
): Change {
  const open = stored.filter((row) => !row.isCleared && touches(row, window));
  const kept = over === "whole" ? [] : open.flatMap((row) => outside(row, window, over));
  const pieces = joined([...kept, ...found.filter((each) => touches(each, window))], over);
  const free = new Map(open.map((row) => [row.id, row]));
  const change: Change = { write: [], same: [], clear: [] };
  const homeless: Found[] = [];
  for (const piece of pieces) {
    // The row of the same start first, so that two pieces never want one key.
    const row = [...free.values()].find((each) => each.from === piece.from);
    if (!row) homeless.push(piece);
    else if (isSame(row, piece)) change.same.push(row.id);
    else change.write.push({ ...piece, id: row.id, wasCleared: false });
    if (row) free.delete(row.id);
  }
  for (const piece of homeless) {
    // Also one that ended before the stretch: a check, its meter and a start are one row.
    const sameStart = stored.find((each) => each.from === piece.from);
    const row = sameStart ?? [...free.values()].find((each) => overlaps(each, piece));
    if (row) free.delete(row.id);
    change.write.push({ ...piece, id: row?.id, wasCleared: row?.isCleared ?? false });
  }
  change.clear = [...free.keys()];
  return change;
}

/** The parts of a row that were not looked at again. What is too short by itself now is no finding any more. */
function outside(row: Found, window: Window, over: Check["over"]): Found[] {
  return [
    { from: row.from, to: Math.min(row.to, window.from) },
    { from: Math.max(row.from, window.to), to: row.to },
  ]
    .filter(({ from, to }) => to > from)
    .map(({ from, to }) => withRange(row, from, to, over))
    .filter(({ figure, threshold }) => over !== "length" || figure >= threshold);
}

/** In order; those that overlap or touch become one. */
function joined(findings: readonly Found[], over: Check["over"]): Found[] {
  const result: Found[] = [];
  for (const next of [...findings].sort((a, b) => a.from - b.from || a.to - b.to)) {
    const last = result.at(-1);
    if (!last || next.from > last.to) {
      result.push(next);
      continue;
    }
    const worse = Math.abs(next.figure) > Math.abs(last.figure) ? next : last;
    result[result.length - 1] = withRange(worse, last.from, Math.max(last.to, next.to), over);
  }
  return result;
}

function withRange(found: Found, from: number, to: number, over: Check["over"]): Found {
  const { figure, threshold, unit, sentence } = found;
  return { from, to, figure: over === "length" ? (to - from) / 3600 : figure, threshold, unit, sentence };
}

function isSame(a: Found, b: Found): boolean {
  return (["from", "to", "figure", "threshold", "unit", "sentence"] as const).every((key) => a[key] === b[key]);
}

function touches(a: Window, b: Window): boolean {
  return a.from <= b.to && a.to >= b.from;
}

function overlaps(a: Window, b: Window): boolean {
  return a.from < b.to && a.to > b.from;
}
