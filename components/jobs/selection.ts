import type { JobGrid } from "@/lib/jobs/grid";

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

export function cellsIn(grid: JobGrid, selection: Selection) {
  const { top, bottom, left, right } = boxOf(selection);
  return grid.rows.slice(top, bottom + 1).flatMap((row) => row.cells.slice(left, right + 1));
}

/** Half-open UTC ranges of the selected cells, neighbours joined, oldest first: what the verbs act on. */
export function rangesIn(grid: JobGrid, selection: Selection): { from: string; to: string }[] {
  const cells = cellsIn(grid, selection)
    .flatMap(({ from, to }) => (from && to ? [{ from, to }] : []))
    .sort((a, b) => a.from.localeCompare(b.from));
  const ranges: { from: string; to: string }[] = [];
  for (const cell of cells) {
    const last = ranges.at(-1);
    if (last && last.to === cell.from) last.to = cell.to;
    else ranges.push({ ...cell });
  }
  return ranges;
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
