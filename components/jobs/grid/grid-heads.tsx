// biome-ignore-all lint/a11y/useFocusableInteractive: rows and heads are no stops; the cells hold the grid's one tab stop.
// biome-ignore-all lint/a11y/useSemanticElements: a table cannot lay one selection box over several rows.
import { cx } from "@/components/ui/cx";
import { formatInstant, formatNumber, weekdayOf } from "@/components/ui/format";
import type { GridRow, JobGrid } from "@/lib/jobs/grid";
import type { Box } from "./selection";

/** Hours or days over the cells; those over the selection are marked. */
export function HeadRow({ grid, box }: { grid: JobGrid; box: Box | null }) {
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

export function RowHead({ row, grid, isOn, at }: { row: GridRow; grid: JobGrid; isOn: boolean; at: number }) {
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

export function RowSum({ row, at, column }: { row: GridRow; at: number; column: number }) {
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
