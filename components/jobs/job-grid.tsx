// biome-ignore-all lint/a11y/useSemanticElements: a table cannot lay one selection box over several rows.
// biome-ignore-all lint/a11y/useFocusableInteractive: rows and heads are no stops; the cells hold the grid's one tab stop.
"use client";

import { useRouter } from "next/navigation";
import { type CSSProperties, type KeyboardEvent, type PointerEvent, useRef, useState } from "react";
import { cx } from "@/components/ui/cx";
import { formatInstant, formatNumber, weekdayOf } from "@/components/ui/format";
import { CellMark } from "@/components/ui/state";
import { useShownZone } from "@/components/ui/zone";
import type { CellState, GridCell, GridRow, JobGrid as JobGridData } from "@/lib/jobs/grid";
import { cellLooks, cellSentence, fillOf } from "./cell-look";
import { boxOf, type CellPosition, type Selection, step } from "./selection";

/**
 * A job's intervals, newest row first. A press opens the task of a cell; a drag, or shift with arrows, selects a box of
 * cells; space starts and ends a selection; escape clears it. One tab stop: arrows move inside.
 */
export function JobGrid(props: {
  grid: JobGridData;
  selection: Selection | null;
  onSelect: (selection: Selection | null) => void;
  /** Cells of other states are dimmed. */
  only: CellState | null;
  /** Where a cell of several tasks leads. */
  listHref: (cell: GridCell) => string;
}) {
  const { grid, selection, onSelect, only, listHref } = props;
  const router = useRouter();
  const zone = useShownZone(grid.timezone);
  const frame = useRef<HTMLDivElement>(null);
  const drag = useRef<{ anchor: CellPosition; moved: boolean } | null>(null);
  const [focus, setFocus] = useState<CellPosition>({ row: 0, column: 0 });
  const box = selection && boxOf(selection);
  const columnCount = grid.columns.length;

  const open = (cell: GridCell) => {
    if (cell.taskCount === 1 && cell.taskId) router.push(`/tasks/${cell.taskId}`);
    else if (cell.taskCount > 1) router.push(listHref(cell));
  };
  const goTo = (position: CellPosition) => {
    setFocus(position);
    frame.current?.querySelector<HTMLElement>(`[data-cell="${position.row}:${position.column}"]`)?.focus();
  };

  const onKeyDown = (event: KeyboardEvent) => {
    const next = step(focus, event.key, grid.rows.length, columnCount);
    if (next) {
      event.preventDefault();
      if (event.shiftKey) onSelect({ anchor: selection?.anchor ?? focus, head: next });
      goTo(next);
    } else if (event.key === " ") {
      event.preventDefault();
      onSelect(box && isInside(box, focus) ? null : { anchor: focus, head: focus });
    } else if (event.key === "Escape" && selection) {
      event.preventDefault();
      onSelect(null);
    }
  };

  const onPointerDown = (event: PointerEvent) => {
    const position = positionOf(event.target);
    if (!position || event.button !== 0) return;
    drag.current = { anchor: position, moved: false };
    if (event.shiftKey) onSelect({ anchor: selection?.anchor ?? focus, head: position });
  };
  const onPointerOver = (event: PointerEvent) => {
    const head = positionOf(event.target);
    if (!drag.current || !head || event.buttons !== 1) return;
    const { anchor } = drag.current;
    if (anchor.row === head.row && anchor.column === head.column && !drag.current.moved) return;
    drag.current.moved = true;
    onSelect({ anchor, head });
  };
  const onCellClick = (
    event: { shiftKey: boolean; preventDefault(): void },
    cell: GridCell,
    position: CellPosition,
  ) => {
    setFocus(position);
    const wasDrag = drag.current?.moved ?? false;
    drag.current = null;
    if (wasDrag || event.shiftKey) event.preventDefault();
    else open(cell);
  };

  return (
    <div
      ref={frame}
      className={cx("jgrid", grid.view === "days" && "by-day")}
      role="grid"
      aria-label={grid.view === "hours" ? "Intervals by day and hour" : "Intervals by month and day"}
      aria-multiselectable="true"
      style={{ "--columns": columnCount } as CSSProperties}
      onKeyDown={onKeyDown}
      onPointerDown={onPointerDown}
      onPointerOver={onPointerOver}
    >
      <HeadRow grid={grid} box={box} />
      {grid.rows.map((row, rowIndex) => (
        <div role="row" className="jrow" key={row.key}>
          <RowHead
            row={row}
            grid={grid}
            isOn={box !== null && rowIndex >= box.top && rowIndex <= box.bottom}
            at={rowIndex}
          />
          {row.cells.map((cell, column) => (
            <Cell
              key={cell.column}
              cell={cell}
              position={{ row: rowIndex, column }}
              isTabStop={focus.row === rowIndex && focus.column === column}
              isSelected={box !== null && isInside(box, { row: rowIndex, column })}
              isDimmed={only !== null && cell.state !== only}
              zone={zone}
              view={grid.view}
              onOpen={onCellClick}
            />
          ))}
          <RowSum row={row} at={rowIndex} column={columnCount + 2} />
        </div>
      ))}
      {box && (
        <span
          className="jsel"
          aria-hidden="true"
          style={{ gridArea: `${box.top + 2} / ${box.left + 2} / ${box.bottom + 3} / ${box.right + 3}` }}
        />
      )}
    </div>
  );
}

function Cell(props: {
  cell: GridCell;
  position: CellPosition;
  isTabStop: boolean;
  isSelected: boolean;
  isDimmed: boolean;
  zone: string;
  view: JobGridData["view"];
  onOpen: (event: { shiftKey: boolean; preventDefault(): void }, cell: GridCell, position: CellPosition) => void;
}) {
  const { cell, position, isTabStop, isSelected, isDimmed, zone, view, onOpen } = props;
  const look = cellLooks[cell.state];
  const style = { gridArea: `${position.row + 2} / ${position.column + 2}` } as CSSProperties & Record<"--v", string>;
  if (cell.state === "partial") style["--v"] = fillOf(cell);
  const when = cell.from ? formatInstant(new Date(cell.from), zone, view === "hours" ? "date-time" : "full-date") : "";
  const sentence = [when, cellSentence(cell, (iso) => formatInstant(new Date(iso), zone, "date-time"))]
    .filter(Boolean)
    .join(", ");
  return (
    <button
      type="button"
      role="gridcell"
      data-cell={`${position.row}:${position.column}`}
      className={cx("cell", look.className, cell.changed > 0 && "restated", isDimmed && "dim")}
      style={style}
      tabIndex={isTabStop ? 0 : -1}
      aria-selected={isSelected}
      aria-label={sentence}
      title={sentence}
      onClick={(event) => onOpen(event, cell, position)}
    >
      {look.mark && <CellMark state={look.mark} />}
    </button>
  );
}

function HeadRow({ grid, box }: { grid: JobGridData; box: ReturnType<typeof boxOf> | null }) {
  return (
    <div role="row" className="jrow">
      <span className="hh" role="columnheader" style={{ gridArea: "1 / 1" }}>
        <span className="sr">{grid.view === "hours" ? "Day" : "Month"}</span>
      </span>
      {grid.columns.map((label, index) => (
        <span
          key={label}
          role="columnheader"
          className={cx("hh", box && index >= box.left && index <= box.right && "on", index % 6 !== 0 && "alt")}
          style={{ gridArea: `1 / ${index + 2}` }}
        >
          {String(label).padStart(2, "0")}
        </span>
      ))}
      <span role="columnheader" className="hh alt end" style={{ gridArea: `1 / ${grid.columns.length + 2}` }}>
        Readings
      </span>
    </div>
  );
}

function RowHead({ row, grid, isOn, at }: { row: GridRow; grid: JobGridData; isOn: boolean; at: number }) {
  const noon = new Date(`${row.key.length === 7 ? `${row.key}-15` : row.key}T12:00:00Z`);
  const weekday = weekdayOf(noon, "UTC");
  const [day, month] = formatInstant(noon, "UTC", "date").split(" ");
  return (
    <span
      role="rowheader"
      className={cx("dd", isOn && "on", weekday.startsWith("S") && grid.view === "hours" && "we")}
      style={{ gridArea: `${at + 2} / 1` }}
    >
      {grid.view === "hours" ? (
        <>
          <span className="wd">{weekday} </span>
          <b>{day}</b> <span className="wd">{month}</span>
        </>
      ) : (
        <>
          <b>{month}</b> <span className="wd">{row.key.slice(0, 4)}</span>
        </>
      )}
    </span>
  );
}

function RowSum({ row, at, column }: { row: GridRow; at: number; column: number }) {
  const isShort = row.readingsPresent < row.readingsExpected;
  return (
    <span role="gridcell" className="sum" style={{ gridArea: `${at + 2} / ${column}` }}>
      {row.readingsExpected > 0 && (
        <span>
          {isShort ? <b>{formatNumber(row.readingsPresent)}</b> : formatNumber(row.readingsPresent)}
          {isShort && ` of ${formatNumber(row.readingsExpected)}`}
        </span>
      )}
    </span>
  );
}

function isInside(box: ReturnType<typeof boxOf>, { row, column }: CellPosition): boolean {
  return row >= box.top && row <= box.bottom && column >= box.left && column <= box.right;
}

function positionOf(target: EventTarget): CellPosition | null {
  const cell = target instanceof Element ? target.closest("[data-cell]") : null;
  const [row, column] = (cell?.getAttribute("data-cell") ?? "").split(":").map(Number);
  return row === undefined || column === undefined ? null : { row, column };
}
