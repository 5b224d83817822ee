/** How numbers, instants and lengths of time are written. Pure, and the same on the server and in every browser. */

const MINUS = "−";

/** `2,906.40`; a real minus. Numeric text from the database is taken as it is, without loss before rounding. */
export function formatNumber(value: number | string, decimals = 0): string {
  const number = Number(value);
  if (!Number.isFinite(number)) throw new RangeError(`${value} is no number.`);
  const text = numberFormat(decimals).format(number);
  return /^-0(\.0*)?$/.test(text) ? text.slice(1) : text.replace("-", MINUS);
}

/** `+10.4` or `−3.5`; zero without a sign. */
export function formatSigned(value: number, decimals = 1): string {
  const text = formatNumber(value, decimals);
  return text.startsWith(MINUS) || Number(text.replaceAll(",", "")) === 0 ? text : `+${text}`;
}

/** Two units at most: `18 s`, `3 min 10 s`, `1 h 12 min`, `2 d 4 h`. Seconds are left out above a minute when coarse. */
export function formatLength(seconds: number, { coarse = false } = {}): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return pair(Math.floor(whole / 60), "min", coarse ? 0 : whole % 60, "s");
  if (whole < 86_400) return pair(Math.floor(whole / 3600), "h", Math.floor((whole % 3600) / 60), "min");
  return pair(Math.floor(whole / 86_400), "d", Math.floor((whole % 86_400) / 3600), "h");
}

/** `now`, `7 min ago`, `in 18 s`, `2 d 4 h ago`. */
export function formatAge(at: Date, now: Date): string {
  const seconds = (now.getTime() - at.getTime()) / 1000;
  // What has just happened is ahead of a clock that counts in steps of five seconds, or of one that is a little late.
  if (seconds <= -5) return `in ${formatLength(-seconds, { coarse: true })}`;
  return seconds < 45 ? "now" : `${formatLength(Math.max(60, seconds), { coarse: true })} ago`;
}

export type TimeStyle = "time" | "seconds" | "date" | "date-time" | "full-date" | "full";

/**
 * time `16:42` · seconds `16:42:08` · date `22 Nov` · date-time `22 Nov 16:42` · full-date `Sun 22 Nov 2026` ·
 * full `Sun 22 Nov 2026 16:42:08`. `zone` is IANA.
 */
export function formatInstant(at: Date, zone: string, style: TimeStyle): string {
  const part = partsIn(at, zone);
  const time = `${part.hour}:${part.minute}`;
  const date = `${Number(part.day)} ${MONTHS[Number(part.month) - 1]}`;
  switch (style) {
    case "time":
      return time;
    case "seconds":
      return `${time}:${part.second}`;
    case "date":
      return date;
    case "date-time":
      return `${date} ${time}`;
    case "full-date":
      return `${part.weekday} ${date} ${part.year}`;
    case "full":
      return `${part.weekday} ${date} ${part.year} ${time}:${part.second}`;
  }
}

/** `Mon` in the zone. */
export function weekdayOf(at: Date, zone: string): string {
  return partsIn(at, zone).weekday ?? "";
}

/** `AEDT`, `UTC`, or `UTC+9:30` where the zone has no name at that instant. */
export function zoneName(zone: string, at: Date): string {
  if (zone === "UTC") return "UTC";
  const name = zoneNameFormat(zone)
    .formatToParts(at)
    .find((part) => part.type === "timeZoneName")?.value;
  return (name ?? zone).replace(/^GMT(?=.)/, "UTC").replace("-", MINUS);
}

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

function pair(first: number, firstUnit: string, second: number, secondUnit: string): string {
  return second === 0 ? `${first} ${firstUnit}` : `${first} ${firstUnit} ${second} ${secondUnit}`;
}

const numberFormats = new Map<number, Intl.NumberFormat>();
function numberFormat(decimals: number): Intl.NumberFormat {
  const format =
    numberFormats.get(decimals) ??
    new Intl.NumberFormat("en-US", { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
  numberFormats.set(decimals, format);
  return format;
}

const partFormats = new Map<string, Intl.DateTimeFormat>();
function partsIn(at: Date, zone: string): Partial<Record<Intl.DateTimeFormatPartTypes, string>> {
  const format =
    partFormats.get(zone) ??
    new Intl.DateTimeFormat("en-US", {
      timeZone: zone,
      hourCycle: "h23",
      weekday: "short",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "2-digit",
      minute: "2-digit",
      second: "2-digit",
    });
  partFormats.set(zone, format);
  return Object.fromEntries(format.formatToParts(at).map((part) => [part.type, part.value]));
}

const zoneNameFormats = new Map<string, Intl.DateTimeFormat>();
function zoneNameFormat(zone: string): Intl.DateTimeFormat {
  const format =
    zoneNameFormats.get(zone) ?? new Intl.DateTimeFormat("en-AU", { timeZone: zone, timeZoneName: "short" });
  zoneNameFormats.set(zone, format);
  return format;
}
