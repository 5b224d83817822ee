import { formatInstant, formatNumber } from "@/components/ui/format";
import type { DayCoverage } from "@/lib/fleet/strip";

export interface CalendarDay extends DayCoverage {
  /** 0 Monday to 6 Sunday, and the week from 0 on. */
  row: number;
  column: number;
}

const WEEKS = 53;

/** The newest 53 weeks, from a Monday on. `days` are oldest first and may begin anywhere in a week. */
export function weeksOf(days: readonly DayCoverage[]): CalendarDay[] {
  const mondays = days.flatMap(({ day }, index) => (weekdayOf(day) === 0 ? [index] : []));
  let column = 0;
  return days.slice(mondays.at(-WEEKS) ?? mondays[0] ?? 0).map((day, index) => {
    const row = weekdayOf(day.day);
    if (row === 0 && index > 0) column++;
    return { ...day, row, column };
  });
}

/** At the week that holds the first of a month. */
export function monthLabels(cells: readonly CalendarDay[]): { column: number; label: string }[] {
  return cells
    .filter(({ day }) => day.endsWith("-01"))
    .map(({ day, column }) => ({ column, label: formatInstant(noonOf(day), "UTC", "date").split(" ")[1] ?? "" }));
}

/** `Dec 2025 to Nov 2026`. */
export function monthsWords(days: readonly DayCoverage[]): string {
  const [first, last] = [days[0], days.at(-1)].map((day) => (day ? monthOf(day.day) : ""));
  return `${first} to ${last}`;
}

/** Look and words of a day; `startsOn`: the first on which anything is expected. */
export function dayLook(
  day: Pick<DayCoverage, "day" | "share" | "readings">,
  startsOn: string | null,
): { className: "" | "p" | "z" | "n" | "b"; words: string; fill: string } {
  if (!startsOn || day.day < startsOn) return { className: "b", words: "before the start", fill: "0%" };
  if (day.share === null) return { className: "n", words: "not due yet", fill: "0%" };
  if (day.share >= 1) return { className: "", words: "all readings", fill: "100%" };
  if (day.share <= 0) return { className: "z", words: "no readings", fill: "0%" };
  // One reading of a thousand that is missing is not all of them, nor is one that is there none.
  const percent = formatNumber(Math.min(day.share * 100, 99.99), day.share > 0.99 ? 2 : 0);
  const fill = Math.min(94, Math.max(8, Math.round(day.share * 100)));
  return { className: "p", words: `${percent} % of readings`, fill: `${fill}%` };
}

/** `Mon 23 Nov 2026`. */
export function dayName(day: string): string {
  return formatInstant(noonOf(day), "UTC", "full-date");
}

/** Twelve months before or after a civil day; the last of February for 29 February. */
export function yearAway(day: string, years: 1 | -1): string {
  const year = Number(day.slice(0, 4)) + years;
  const rest = day.slice(4);
  const isLeap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  return `${year}${rest === "-02-29" && !isLeap ? "-02-28" : rest}`;
}

function monthOf(day: string): string {
  return dayName(day).split(" ").slice(2).join(" ");
}

function weekdayOf(day: string): number {
  return (noonOf(day).getUTCDay() + 6) % 7;
}

function noonOf(day: string): Date {
  return new Date(`${day}T12:00:00Z`);
}
