import type { GridCell, JobGrid } from "@/lib/jobs/grid";

export interface CellPosition {
  row: number;
  column: number;
}

/** A rectangle of cells by its corner where it began and the one where it ends, in indexes of rows and columns. */
export interface Selection {
  anchor: CellPosition;
  head: CellPosition;
}

export interface Box {
  top: number;
  bottom: number;
  left: number;
  right: number;
}

export function boxOf({ anchor, head }: Selection): Box {
  return {
    top: Math.min(anchor.row, head.row),
    bottom: Math.max(anchor.row, head.row),
    left: Math.min(anchor.column, head.column),
    right: Math.max(anchor.column, head.column),
  };
}

export function isInside(box: Box, { row, column }: CellPosition): boolean {
  return row >= box.top && row <= box.bottom && column >= box.left && column <= box.right;
}

export function cellsIn(grid: JobGrid, selection: Selection): GridCell[] {
  const { top, bottom, left, right } = boxOf(selection);
  return grid.rows.slice(top, bottom + 1).flatMap((row) => row.cells.slice(left, right + 1));
}

export interface InstantRange {
  from: string;
  to: string;
}

/** Half-open UTC ranges of the selected cells, neighbours joined, oldest first: what the verbs act on. */
export function rangesIn(grid: JobGrid, selection: Selection): InstantRange[] {
  const cells = cellsIn(grid, selection)
    .flatMap(({ from, to }) => (from && to ? [{ from, to }] : []))
    .sort((a, b) => a.from.localeCompare(b.from));
  const ranges: InstantRange[] = [];
  for (const cell of cells) {
    const last = ranges.at(-1);
    // Cells that continue one interval all have its whole range.
    if (!last || cell.from > last.to) ranges.push({ ...cell });
    else if (cell.to > last.to) last.to = cell.to;
  }
  return ranges;
}

/** From the first to the last instant of ranges in order; null of none. */
export function spanOf(ranges: readonly InstantRange[]): InstantRange | null {
  const from = ranges[0]?.from;
  const to = ranges.at(-1)?.to;
  return from && to ? { from, to } : null;
}

/** Where an arrow key leads, kept inside the grid; null for other keys. */
export function step(position: CellPosition, key: string, rows: number, columns: number): CellPosition | null {
  const inside = (value: number, count: number) => Math.min(Math.max(value, 0), count - 1);
  switch (key) {
    case "ArrowUp":
      return { ...position, row: inside(position.row - 1, rows) };
    case "ArrowDown":
      return { ...position, row: inside(position.row + 1, rows) };
    case "ArrowLeft":
      return { ...position, column: inside(position.column - 1, columns) };
    case "ArrowRight":
      return { ...position, column: inside(position.column + 1, columns) };
    case "Home":
      return { ...position, column: 0 };
    case "End":
      return { ...position, column: columns - 1 };
    case "PageUp":
      return { ...position, row: 0 };
    case "PageDown":
      return { ...position, row: rows - 1 };
    default:
      return null;
  }
}
