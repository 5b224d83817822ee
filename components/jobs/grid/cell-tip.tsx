"use client";

import type { CSSProperties } from "react";
import { cx } from "@/components/ui/cx";
import { formatInstant, zoneName } from "@/components/ui/format";
import { State } from "@/components/ui/state";
import type { GridCell, JobGrid } from "@/lib/jobs/grid";
import { cellFigures, cellLooks, cellMarks, cellReason } from "./cell-look";
import type { CellPosition } from "./selection";

/** Says of the cell under the pointer, or with the focus, when it is, what came of it and why. Screen readers have its label. */
export function CellTip(props: {
  cell: GridCell;
  type: JobGrid["type"];
  position: CellPosition;
  rowCount: number;
  columnCount: number;
  zone: string;
  isLink: boolean;
}) {
  const { cell, type, position, rowCount, columnCount, zone, isLink } = props;
  const time = (iso: string) => formatInstant(new Date(iso), zone, "date-time");
  const figures = cellFigures(cell);
  const reason = cellReason(cell, type, time);
  const isLow = position.row > rowCount * 0.6;
  // The grid line of the cell's own column, so that the tip needs no measuring; it opens towards the middle.
  const isRight = position.column > columnCount / 2;
  const style: CSSProperties = {
    gridRow: `${position.row + 2} / ${position.row + 3}`,
    gridColumn: isRight ? `1 / ${position.column + 3}` : `${position.column + 2} / -1`,
  };
  return (
    <div className={cx("cell-tip", isLow && "up", isRight && "right")} style={style} aria-hidden="true">
      <p className="strong">{whenOf(cell, zone)}</p>
      <p className="row">
        <State state={cellMarks[cell.state]} ink>
          {cellLooks[cell.state].word}
        </State>
        {figures.length > 0 && <span className="q">{figures.join(", ")}</span>}
      </p>
      {reason && (
        <p className="q">
          {cell.error && cell.state === "failed" && <code>{cell.error.code}</code>} {reason}
        </p>
      )}
      {isLink && <p className="qq">{cell.taskCount > 1 ? "Press for its tasks" : "Press for the task"}</p>}
    </div>
  );
}

/** `Sun 22 Nov 2026, 08:00 to 09:00 AEDT`, or two dates where it is longer than a day. */
function whenOf(cell: GridCell, zone: string): string {
  if (!cell.from || !cell.to) return "";
  const from = new Date(cell.from);
  const to = new Date(cell.to);
  const day = formatInstant(from, zone, "full-date");
  const name = zoneName(zone, from);
  if (to.getTime() - from.getTime() <= 7_200_000) {
    return `${day}, ${formatInstant(from, zone, "time")} to ${formatInstant(to, zone, "time")} ${name}`;
  }
  return `${formatInstant(from, zone, "date-time")} to ${formatInstant(to, zone, "date-time")} ${name}`;
}
