import { formatInstant } from "@/components/ui/format";

/** Both ends at midnight of the zone: the interval is whole days there. */
export function isWholeDays(from: Date, to: Date, zone: string): boolean {
  return [from, to].every((at) => formatInstant(at, zone, "seconds") === "00:00:00");
}

/**
 * How an interval is called: `Sun 22 Nov 2026` for a day, `Mon 16 to Sun 22 Nov 2026` for several, `26 Nov 06:55 to 07:00` for less.
 * `short`: `22 Nov`, `16 to 22 Nov`, `26 Nov 06:55`.
 */
export function intervalWords(from: Date, to: Date, zone: string, { short = false } = {}): string {
  const style = short ? "date" : "full-date";
  if (!isWholeDays(from, to, zone)) {
    const start = formatInstant(from, zone, "date-time");
    return short ? start : `${start} to ${endWords(from, to, zone)}`;
  }
  const first = formatInstant(from, zone, style);
  const last = formatInstant(new Date(to.getTime() - 1), zone, style);
  return first === last ? first : `${withoutShared(first, last)} to ${last}`;
}

/** `00:00 to 24:00`, `06:55 to 07:00`, with the date where it ends on another. */
export function hoursWords(from: Date, to: Date, zone: string): string {
  return `${formatInstant(from, zone, "time")} to ${endWords(from, to, zone)}`;
}

function endWords(from: Date, to: Date, zone: string): string {
  const date = (at: Date) => formatInstant(at, zone, "date");
  const lastMoment = new Date(to.getTime() - 1);
  // The end of a day is its 24:00, not the 00:00 of another.
  const time = formatInstant(to, zone, "time") === "00:00" ? "24:00" : formatInstant(to, zone, "time");
  return date(from) === date(lastMoment) ? time : `${date(lastMoment)} ${time}`;
}

/** The parts at the end that both have (month, year) are written once. */
function withoutShared(first: string, last: string): string {
  const parts = first.split(" ");
  const others = last.split(" ");
  while (parts.length > 1 && parts.at(-1) === others.at(-1)) {
    parts.pop();
    others.pop();
  }
  return parts.join(" ");
}
