// biome-ignore-all lint/a11y/useSemanticElements: a table cannot hold months over its columns without a row of their own.
// biome-ignore-all lint/a11y/useFocusableInteractive: rows and heads are no stops; the days hold the grid's one tab stop.
"use client";

import Link from "next/link";
import { type CSSProperties, type KeyboardEvent, useRef, useState } from "react";
import { cx } from "@/components/ui/cx";
import { formatNumber } from "@/components/ui/format";
import type { DayCoverage } from "@/lib/fleet/strip";
import { type CalendarDay, dayLook, dayName, monthLabels, weeksOf } from "./calendar-weeks";

const WEEKDAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

/**
 * A year of civil days, Mondays on top, coloured by coverage; a day leads to its tasks. One tab stop: arrow keys go from day to
 * day, Home and End to the first and last. `startsOn` is the first day on which anything is expected.
 */
export function CoverageCalendar(props: {
  meterId: string;
  days: readonly DayCoverage[];
  startsOn: string | null;
  today: string;
}) {
  const { meterId, days, startsOn, today } = props;
  const cells = weeksOf(days);
  const box = useRef<HTMLDivElement>(null);
  const [focus, setFocus] = useState<string | null>(null);
  const [tip, setTip] = useState<{ day: CalendarDay; left: number; top: number } | null>(null);
  const tabStop = cells.some(({ day }) => day === focus) ? focus : cells.at(-1)?.day;

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Escape") setTip(null);
    const at = cells.findIndex(({ day }) => day === tabStop);
    const moves: Record<string, number> = {
      ArrowUp: at - 1,
      ArrowDown: at + 1,
      ArrowLeft: at - 7,
      ArrowRight: at + 7,
      Home: 0,
      End: cells.length - 1,
    };
    const target = cells[moves[event.key] ?? -1];
    if (!target) return;
    event.preventDefault();
    setFocus(target.day);
    box.current?.querySelector<HTMLElement>(`[data-day="${target.day}"]`)?.focus();
  };
  const show = (day: CalendarDay, element: HTMLElement) => {
    const frame = box.current?.getBoundingClientRect();
    const own = element.getBoundingClientRect();
    if (!frame) return;
    const left = own.left - frame.left + own.width / 2;
    setTip({ day, left: Math.max(90, Math.min(frame.width - 90, left)), top: own.bottom - frame.top + 6 });
  };

  return (
    <div className="scrollx">
      <div ref={box} className="cal" role="grid" aria-label="Coverage by day" onKeyDown={onKeyDown}>
        {monthLabels(cells).map(({ column, label }) => (
          <span key={column} className="mo" aria-hidden="true" style={{ gridColumn: column + 2 }}>
            {label}
          </span>
        ))}
        {WEEKDAYS.map((weekday, row) => (
          <div key={weekday} role="row" className="contents">
            <span
              role="rowheader"
              className={cx("wd", row % 2 === 1 && row !== 6 && "sr")}
              style={{ gridRow: row + 2 }}
            >
              {weekday}
            </span>
            {cells
              .filter((cell) => cell.row === row)
              .map((cell) => {
                const look = dayLook(cell, startsOn);
                const fill = { "--v": look.fill } as CSSProperties;
                return (
                  <div key={cell.day} role="gridcell" style={{ gridArea: `${row + 2} / ${cell.column + 2}` }}>
                    <Link
                      href={`/tasks?meter=${meterId}&day=${cell.day}`}
                      prefetch={false}
                      data-day={cell.day}
                      tabIndex={cell.day === tabStop ? 0 : -1}
                      className={cx(look.className, cell.day === today && "today")}
                      style={fill}
                      aria-label={`${dayName(cell.day)}, ${look.words}`}
                      onMouseEnter={(event) => show(cell, event.currentTarget)}
                      onMouseLeave={() => setTip(null)}
                      onFocus={(event) => {
                        setFocus(cell.day);
                        show(cell, event.currentTarget);
                      }}
                      onBlur={() => setTip(null)}
                    />
                  </div>
                );
              })}
          </div>
        ))}
        {tip && (
          <div className="tip under" aria-hidden="true" style={{ left: tip.left, top: tip.top }}>
            <p className="hd4">{dayName(tip.day.day)}</p>
            <p className="z">
              {dayLook(tip.day, startsOn).words}
              {tip.day.readings > 0 && `, ${formatNumber(tip.day.readings)} readings`}
            </p>
          </div>
        )}
      </div>
    </div>
  );
}

export function CoverageLegend() {
  return (
    <div className="legend mt-3">
      {legend.map(({ className, words }) => (
        <span key={words}>
          <i className={cx("calk", className)} />
          {words}
        </span>
      ))}
    </div>
  );
}

const legend = [
  { className: "", words: "All readings" },
  { className: "p", words: "Some, filled to the share" },
  { className: "z", words: "None" },
  { className: "n", words: "Not due yet" },
  { className: "b", words: "Before the start" },
];
