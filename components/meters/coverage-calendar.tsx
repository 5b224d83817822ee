import Link from "next/link";
import type { CSSProperties } from "react";
import { formatInstant, formatNumber } from "@/components/ui/format";
import type { DayCoverage } from "@/lib/fleet/strip";

/**
 * A year of civil days, Mondays on top, coloured by coverage; a day leads to its tasks. `days` are oldest first and may begin
 * anywhere in a week; `startsOn` is the first day on which anything is expected.
 */
export function CoverageCalendar(props: { meterId: string; days: readonly DayCoverage[]; startsOn: string | null }) {
  const { meterId, days, startsOn } = props;
  const cells = placed(wholeWeeks(days));
  const today = days.at(-1)?.day;
  return (
    <div className="scrollx">
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset is for a form's fields. */}
      <div className="cal" role="group" aria-label="Coverage by day">
        {monthLabels(cells).map(({ column, label }) => (
          <span key={column} className="mo" style={{ gridColumn: column }}>
            {label}
          </span>
        ))}
        {["Mon", "Wed", "Fri", "Sun"].map((weekday, index) => (
          <span key={weekday} className="wd" style={{ gridRow: 2 + index * 2 }}>
            {weekday}
          </span>
        ))}
        {cells.map(({ row, column, ...day }) => {
          const look = lookOf(day, startsOn, today);
          const label = `${formatInstant(noonOf(day.day), "UTC", "full-date")}, ${look.words}`;
          const style = { gridArea: `${row} / ${column}`, "--v": look.fill } as CSSProperties;
          return (
            <Link
              key={day.day}
              href={`/tasks?meter=${meterId}&day=${day.day}`}
              prefetch={false}
              className={look.className}
              style={style}
              title={label}
              aria-label={label}
            />
          );
        })}
      </div>
    </div>
  );
}

export function CoverageLegend() {
  return (
    <div className="legend mt-3">
      <span>
        <i className="calk" />
        All readings
      </span>
      <span>
        <i className="calk p" />
        Some, filled to the share
      </span>
      <span>
        <i className="calk z" />
        None
      </span>
      <span>
        <i className="calk n" />
        Not due yet
      </span>
      <span>
        <i className="calk b" />
        Before the start
      </span>
    </div>
  );
}

/** The newest 53 weeks, from a Monday on. */
function wholeWeeks(days: readonly DayCoverage[]): readonly DayCoverage[] {
  const mondays = days.flatMap(({ day }, index) => (noonOf(day).getUTCDay() === 1 ? [index] : []));
  return days.slice(mondays.at(-53) ?? mondays[0] ?? 0);
}

type Placed = DayCoverage & { row: number; column: number };

/** Rows 2 to 8 are Monday to Sunday, columns weeks from 2 on. */
function placed(days: readonly DayCoverage[]): Placed[] {
  let column = 2;
  return days.map((day, index) => {
    const weekday = (noonOf(day.day).getUTCDay() + 6) % 7;
    if (weekday === 0 && index > 0) column++;
    return { ...day, row: weekday + 2, column };
  });
}

/** At the week that holds the first of a month; not at the left edge, where two would collide. */
function monthLabels(cells: readonly Placed[]): { column: number; label: string }[] {
  return cells
    .filter(({ day }) => day.endsWith("-01"))
    .map(({ day, column }) => ({ column, label: formatInstant(noonOf(day), "UTC", "date").split(" ")[1] ?? "" }));
}

function lookOf(day: DayCoverage, startsOn: string | null, today: string | undefined) {
  const mark = day.day === today ? "today" : "";
  if (!startsOn || day.day < startsOn) return { className: `b ${mark}`, words: "before the start", fill: "0%" };
  if (day.share === null) return { className: `n ${mark}`, words: "not due yet", fill: "0%" };
  if (day.share >= 1) return { className: mark, words: "all readings", fill: "100%" };
  if (day.share <= 0) return { className: `z ${mark}`, words: "no readings", fill: "0%" };
  const percent = formatNumber(day.share * 100, day.share > 0.99 ? 2 : 0);
  return { className: `p ${mark}`, words: `${percent} % of readings`, fill: `${Math.round(day.share * 100)}%` };
}

function noonOf(day: string): Date {
  return new Date(`${day}T12:00:00Z`);
}
