// biome-ignore-all lint/a11y/useSemanticElements: a table cannot lay one selection box over several rows.
// biome-ignore-all lint/a11y/useFocusableInteractive: rows and heads are no stops; the cells hold the grid's one tab stop.
"use client";

import { useRouter } from "next/navigation";
import { type CSSProperties, type FocusEvent, type KeyboardEvent, type PointerEvent, useRef, useState } from "react";
import { type Key, useKeys } from "@/components/shell/keys";
import { cx } from "@/components/ui/cx";
import { formatInstant } from "@/components/ui/format";
import { CellMark } from "@/components/ui/state";
import { useShownZone } from "@/components/ui/zone";
import type { CellState, GridCell, JobGrid as JobGridData } from "@/lib/jobs/grid";
import { cellLooks, cellSentence, fillOf } from "./cell-look";
import { CellTip } from "./cell-tip";
import { HeadRow, RowHead, RowSum } from "./grid-heads";
import { boxOf, type CellPosition, isInside, type Selection, step } from "./selection";

const keys: readonly Key[] = [
  { key: "Enter", label: "Open the task of a cell" },
  { key: " ", label: "Select a cell, or let go" },
  { key: "Shift+↑", label: "Extend the selection with arrows" },
  { key: "Escape", label: "Let go of the selection" },
];

/**
 * A job's intervals, newest row first. A press opens the task of a cell; a drag, or shift with arrows, selects a box of
 * cells; space starts and ends a selection; escape clears it. One tab stop: arrows move inside. A tap selects, a second
 * one opens; the handles extend a selection on touch.
 */
export function JobGrid(props: {
  grid: JobGridData;
  selection: Selection | null;
  onSelect: (selection: Selection | null) => void;
  /** Cells of other states are dimmed. */
  only: CellState | null;
  /** Where a cell leads; null where there is nothing behind it. */
  hrefOf: (cell: GridCell) => string | null;
}) {
  const { grid, selection, onSelect, only, hrefOf } = props;
  const router = useRouter();
  const zone = useShownZone(grid.timezone);
  const frame = useRef<HTMLDivElement>(null);
  const drag = useRef<{ anchor: CellPosition; moved: boolean } | null>(null);
  const press = useRef<{ isTouch: boolean; wasDrag: boolean }>({ isTouch: false, wasDrag: false });
  const [focus, setFocus] = useState<CellPosition>({ row: 0, column: 0 });
  const [told, setTold] = useState<CellPosition | null>(null);
  useKeys("Grid", keys);
  const box = selection && boxOf(selection);
  const columnCount = grid.columns.length;
  const toldCell = told && grid.rows[told.row]?.cells[told.column];

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

  // However the focus comes to a cell (tab, click, a screen reader's own cursor), the keys go on from there.
  const onFocus = (event: FocusEvent) => {
    const position = positionOf(event.target);
    if (position && (position.row !== focus.row || position.column !== focus.column)) setFocus(position);
    if (event.target.matches(":focus-visible")) setTold(position);
  };
  const onPointerDown = (event: PointerEvent) => {
    press.current = { isTouch: event.pointerType !== "mouse", wasDrag: false };
    if (event.button !== 0) return;
    const handle = event.target instanceof Element && event.target.closest("[data-handle]");
    if (handle && box) {
      const isStart = handle.getAttribute("data-handle") === "start";
      const anchor = isStart ? { row: box.bottom, column: box.right } : { row: box.top, column: box.left };
      drag.current = { anchor, moved: true };
      return;
    }
    const position = positionOf(event.target);
    if (!position) return;
    drag.current = { anchor: position, moved: false };
    if (event.shiftKey) onSelect({ anchor: selection?.anchor ?? focus, head: position });
  };
  const onPointerMove = (event: PointerEvent) => {
    if (!drag.current) return;
    if (event.buttons !== 1) {
      drag.current = null;
      return;
    }
    // A finger keeps its first target, and a handle lies over the cells: ask what is under the point.
    const head = document.elementsFromPoint(event.clientX, event.clientY).map(positionOf).find(Boolean);
    if (!head) return;
    const { anchor, moved } = drag.current;
    if (!moved && anchor.row === head.row && anchor.column === head.column) return;
    drag.current.moved = true;
    setTold(null);
    if (selection?.head.row !== head.row || selection.head.column !== head.column || selection.anchor !== anchor) {
      onSelect({ anchor, head });
    }
  };
  const onPointerUp = () => {
    press.current.wasDrag = drag.current?.moved ?? false;
    drag.current = null;
  };
  const onCellClick = (event: { shiftKey: boolean; detail: number }, cell: GridCell, position: CellPosition) => {
    setFocus(position);
    if (press.current.wasDrag || event.shiftKey) return;
    const isOnlyOne = box && box.top === box.bottom && box.left === box.right && isInside(box, position);
    // `detail` is 0 for the keyboard.
    if (press.current.isTouch && event.detail > 0 && !isOnlyOne) {
      onSelect({ anchor: position, head: position });
      return;
    }
    const href = hrefOf(cell);
    if (href) router.push(href);
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
      onPointerMove={onPointerMove}
      onPointerUp={onPointerUp}
      onPointerCancel={onPointerUp}
      onPointerOver={(event) => {
        if (event.pointerType === "mouse" && event.buttons === 0) setTold(positionOf(event.target));
      }}
      onPointerLeave={() => setTold(null)}
      onFocus={onFocus}
      onBlur={() => setTold(null)}
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
              type={grid.type}
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
        >
          <i data-handle="start" />
          <i data-handle="end" />
        </span>
      )}
      {told && toldCell && toldCell.state !== "none" && (
        <CellTip
          key={`${told.row}:${told.column}`}
          cell={toldCell}
          type={grid.type}
          position={told}
          rowCount={grid.rows.length}
          columnCount={columnCount}
          zone={zone}
          isLink={hrefOf(toldCell) !== null}
        />
      )}
    </div>
  );
}

function Cell(props: {
  cell: GridCell;
  type: JobGridData["type"];
  position: CellPosition;
  isTabStop: boolean;
  isSelected: boolean;
  isDimmed: boolean;
  zone: string;
  view: JobGridData["view"];
  onOpen: (event: { shiftKey: boolean; detail: number }, cell: GridCell, position: CellPosition) => void;
}) {
  const { cell, type, position, isTabStop, isSelected, isDimmed, zone, view, onOpen } = props;
  const look = cellLooks[cell.state];
  const style = { gridArea: `${position.row + 2} / ${position.column + 2}` } as CSSProperties & Record<"--v", string>;
  if (cell.state === "partial") style["--v"] = fillOf(cell);
  const when = cell.from ? formatInstant(new Date(cell.from), zone, view === "hours" ? "date-time" : "full-date") : "";
  const sentence = [when, cellSentence(cell, type, (iso) => formatInstant(new Date(iso), zone, "date-time"))]
    .filter(Boolean)
    .join(", ");
  return (
    <button
      type="button"
      role="gridcell"
      data-cell={`${position.row}:${position.column}`}
      className={cx(
        "cell",
        look.className,
        cell.changed > 0 && "restated",
        cell.isContinued && "cont",
        isDimmed && "dim",
      )}
      style={style}
      tabIndex={isTabStop ? 0 : -1}
      aria-selected={isSelected}
      aria-label={sentence}
      onClick={(event) => onOpen(event, cell, position)}
    >
      {look.mark && !cell.isContinued && <CellMark state={look.mark} />}
    </button>
  );
}

function positionOf(target: EventTarget): CellPosition | null {
  const cell = target instanceof Element ? target.closest("[data-cell]") : null;
  const [row, column] = (cell?.getAttribute("data-cell") ?? "").split(":").map(Number);
  return row === undefined || column === undefined ? null : { row, column };
}
