import { addDuration, civilDate, startOfDay } from "../time";

/** `hours`: days down, hours across. `days`: months down, days across. */
export const gridViews = ["hours", "days"] as const;
export type GridView = (typeof gridViews)[number];

export interface CellRange {
  from: Date;
  to: Date;
}

/** The rows of one page, newest first: 21 days or 12 months, ending with the one that holds `until`. */
export function rowStarts(view: GridView, until: Date, timezone: string) {
  const step = view === "hours" ? "P1D" : "P1M";
  let from = startOfDay(until, timezone);
  if (view === "days") {
    const dayOfMonth = Number(civilDate(from, timezone).slice(8));
    from = addDuration(from, `-P${dayOfMonth - 1}D`, timezone);
  }
  return Array.from({ length: view === "hours" ? 21 : 12 }, () => {
    const row = {
      key: civilDate(from, timezone).slice(0, view === "hours" ? 10 : 7),
      from,
      to: addDuration(from, step, timezone),
    };
    from = addDuration(from, `-${step}`, timezone);
    return row;
  });
}

/** The cells of a row with the civil day they lie in; no range where there is no such hour or day. */
export function cellRanges(view: GridView, key: string, from: Date, timezone: string) {
  if (view === "hours") return hoursOf(key, from, timezone);
  return Array.from({ length: 31 }, (_, index) => {
    const dayFrom = addDuration(from, `P${index}D`, timezone);
    const day = civilDate(dayFrom, timezone);
    const range = day.startsWith(key) ? { from: dayFrom, to: addDuration(dayFrom, "P1D", timezone) } : null;
    return { column: index + 1, day, range };
  });
}

/** The hour that clocks repeat is one cell of two hours; the one they skip has no range. */
function hoursOf(day: string, from: Date, timezone: string) {
  const to = addDuration(from, "P1D", timezone);
  const hourAt = new Intl.DateTimeFormat("en", { timeZone: timezone, hour: "numeric", hourCycle: "h23" });
  const ranges = new Map<number, CellRange>();
  // Quarter hours: zones change their clocks by half an hour, too.
  for (let at = from.getTime(); at < to.getTime(); at += 900_000) {
    const hour = Number(hourAt.format(at));
    const known = ranges.get(hour);
    ranges.set(hour, { from: known?.from ?? new Date(at), to: new Date(at + 900_000) });
  }
  return Array.from({ length: 24 }, (_, column) => ({ column, day, range: ranges.get(column) ?? null }));
}
