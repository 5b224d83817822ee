import type { Found } from "./check";

/** A finding of one check as it is stored. Epoch seconds. */
export interface Stored extends Found {
  id: string;
  isCleared: boolean;
}

export interface Change {
  /** Findings to be written: with an id an open or cleared row that becomes it, without one a new row. */
  write: (Found & { id?: string; wasCleared: boolean })[];
  /** Rows whose cause is gone. */
  clear: string[];
}

/**
 * What becomes of one check's rows when the stretch `window` was looked at again. What rows said outside of it stays; a row
 * that goes over its edge is joined with what was found there, so that a run of weeks is one finding.
 */
export function mergeFindings(
  window: { from: number; to: number },
  found: readonly Found[],
  stored: readonly Stored[],
): Change {
  const open = stored.filter((row) => !row.isCleared && touches(row, window));
  const pieces = joined([
    ...open.flatMap((row) => outside(row, window)),
    ...found.filter((each) => touches(each, window)),
  ]);
  const free = new Map(open.map((row) => [row.id, row]));
  const write: Change["write"] = [];
  const homeless: Found[] = [];
  for (const piece of pieces) {
    // The row of the same start first, so that two pieces never want one key.
    const row = [...free.values()].find((each) => each.from === piece.from);
    if (row) free.delete(row.id);
    if (row) write.push({ ...piece, id: row.id, wasCleared: false });
    else homeless.push(piece);
  }
  for (const piece of homeless) {
    // Also one that ended before the stretch: a check, its meter and a start are one row.
    const sameStart = stored.find((each) => each.from === piece.from);
    const row = sameStart ?? [...free.values()].find((each) => overlaps(each, piece));
    if (row) free.delete(row.id);
    write.push({ ...piece, id: row?.id, wasCleared: row?.isCleared ?? false });
  }
  return { write, clear: [...free.keys()] };
}

/** The parts of a row that were not looked at again. */
function outside<T extends Found>(row: T, window: { from: number; to: number }): Found[] {
  return [
    { ...row, to: Math.min(row.to, window.from) },
    { ...row, from: Math.max(row.from, window.to) },
  ]
    .filter(({ from, to }) => to > from)
    .map(({ from, to }) => withRange(row, from, to));
}

/** In order; those that overlap or touch become one, with the greater figure. */
function joined(findings: readonly Found[]): Found[] {
  const result: Found[] = [];
  for (const next of [...findings].sort((a, b) => a.from - b.from || a.to - b.to)) {
    const last = result.at(-1);
    if (!last || next.from > last.to) {
      result.push(next);
      continue;
    }
    const worse = Math.abs(next.figure) > Math.abs(last.figure) ? next : last;
    result[result.length - 1] = withRange(worse, last.from, Math.max(last.to, next.to));
  }
  return result;
}

/** A figure that is a length follows the range. */
function withRange(
  { figure, threshold, unit, sentence, from: start, to: end }: Found,
  from: number,
  to: number,
): Found {
  const lengthOf = unit === "h" ? 3600 : unit === "min" && figure === (end - start) / 60 ? 60 : undefined;
  const length = lengthOf === undefined ? figure : (to - from) / lengthOf;
  const isCut = length !== figure;
  return {
    from,
    to,
    figure: length,
    threshold,
    unit,
    sentence: isCut
      ? sentence.replace(/[\d.]+(?= (hours|minutes)\.)/, String(Number(length.toPrecision(4))))
      : sentence,
  };
}

function touches(a: { from: number; to: number }, b: { from: number; to: number }): boolean {
  return a.from <= b.to && a.to >= b.from;
}

function overlaps(a: { from: number; to: number }, b: { from: number; to: number }): boolean {
  return a.from < b.to && a.to > b.from;
}
