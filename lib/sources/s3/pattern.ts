import { Temporal } from "temporal-polyfill";
import type { Range } from "../../connectors/contract";
import { DIGITS, matchKey, type Named, type Part, TOKENS, type Token } from "./match-key";

export interface KeyPattern {
  parts: readonly Part[];
  /** The finest token decides how long the named period is; none: keys name no period. */
  finest: Token | undefined;
}

/** More wildcards than that are a mistake. */
const MAX_WILDCARDS = 20;
/** More listings of their own than that cost more than one listing of all. */
const MAX_PREFIXES = 62;

/** A pattern, or a sentence on what is wrong with it. */
export function parsePattern(text: string): KeyPattern | { problem: string } {
  const parts: Part[] = [];
  for (const [piece] of text.matchAll(/\{[^{}]*\}|\*+|[{}]|[^{}*]+/g)) {
    if (piece.startsWith("*")) {
      // Keys have no folders: a name is found wherever it lies below the prefix.
      parts.push({ kind: "any" });
    } else if (/^[{}]/.test(piece)) {
      const token = TOKENS.find((each) => piece === `{${each}}`);
      if (!token) return { problem: `${piece} is no token; there are {yyyy}, {MM}, {dd} and {HH}.` };
      parts.push({ kind: "token", token });
    } else {
      parts.push({ kind: "text", text: piece });
    }
  }
  if (parts.filter(({ kind }) => kind === "any").length > MAX_WILDCARDS) {
    return { problem: `There are more than ${MAX_WILDCARDS} wildcards.` };
  }
  const hasToken = (token: Token) => parts.some((part) => part.kind === "token" && part.token === token);
  for (const [index, token] of TOKENS.entries()) {
    const coarser = TOKENS[index - 1];
    if (coarser && hasToken(token) && !hasToken(coarser)) return { problem: `{${token}} needs {${coarser}} too.` };
  }
  return { parts, finest: TOKENS.findLast(hasToken) };
}

/** Days of the meter that a range touches, with one more at each end: files are named by other clocks and come late. */
interface Days {
  first: Temporal.PlainDate;
  last: Temporal.PlainDate;
}

function daysAround({ from, to }: Range, timezone: string): Days {
  const dayOf = (instant: number) =>
    Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(timezone).toPlainDate();
  const last = dayOf(Math.max(from.getTime(), to.getTime() - 1));
  return { first: dayOf(from.getTime()).subtract({ days: 1 }), last: last.add({ days: 1 }) };
}

/** Tells which keys (without the prefix) fit the pattern and name a period within a day of the range, or no period. */
export function keyMatcher(pattern: KeyPattern, range: Range, timezone: string): (key: string) => boolean {
  const days = daysAround(range, timezone);
  return (key) => {
    return matchKey(pattern.parts, key, (named) => {
      if (!pattern.finest) return true;
      const period = periodOf(named);
      return period !== undefined && isBefore(period.first, days.last) && isBefore(days.first, period.last);
    });
  };
}

/** Or on the same day. */
function isBefore(a: Temporal.PlainDate, b: Temporal.PlainDate): boolean {
  return Temporal.PlainDate.compare(a, b) <= 0;
}

/** First and last day of the year, month or day that is named; undefined for a date that is none. */
function periodOf({ yyyy: year, MM: month, dd: day, HH: hour }: Named): Days | undefined {
  if (year === undefined || (hour ?? 0) > 24) return undefined;
  const isDate = (month ?? 1) >= 1 && (month ?? 1) <= 12 && (day ?? 1) >= 1;
  const first = Temporal.PlainDate.from({ year, month: isDate ? (month ?? 1) : 1, day: 1 });
  if (!isDate || (day ?? 1) > first.daysInMonth) return undefined;
  if (day !== undefined) return { first: first.with({ day }), last: first.with({ day }) };
  if (month !== undefined) return { first, last: first.with({ day: first.daysInMonth }) };
  return { first, last: first.with({ month: 12, day: 31 }) };
}

/**
 * Beginnings of keys to list, in order and not overlapping: the text before the first `*`, with the dates of the range
 * filled in as long as that gives few of them. A bucket of ten years is then not read through for one day.
 */
export function listingPrefixes(prefix: string, pattern: KeyPattern, range: Range, timezone: string): string[] {
  const days = daysAround(range, timezone);
  const leading = pattern.parts.slice(0, lengthOfLeading(pattern.parts));
  for (let length = leading.length; length >= 0; length -= 1) {
    const prefixes = renderedDays(prefix, leading.slice(0, length), days);
    if (prefixes) return prefixes;
  }
  return [prefix];
}

/** Hours are not filled in: 72 listings for one day. */
function lengthOfLeading(parts: readonly Part[]): number {
  const end = parts.findIndex((part) => part.kind === "any" || (part.kind === "token" && part.token === "HH"));
  return end < 0 ? parts.length : end;
}

function renderedDays(prefix: string, parts: readonly Part[], days: Days): string[] | undefined {
  if (!parts.some((part) => part.kind === "token")) return [prefix + parts.map(renderedWith(days.first)).join("")];
  const prefixes = new Set<string>();
  for (let day = days.first; isBefore(day, days.last); day = day.add({ days: 1 })) {
    prefixes.add(prefix + parts.map(renderedWith(day)).join(""));
    if (prefixes.size > MAX_PREFIXES) return undefined;
  }
  return [...prefixes].sort();
}

function renderedWith(day: Temporal.PlainDate) {
  return (part: Part): string => {
    if (part.kind === "text") return part.text;
    if (part.kind === "any") return "";
    const value = { yyyy: day.year, MM: day.month, dd: day.day, HH: 0 }[part.token];
    return String(value).padStart(DIGITS[part.token], "0");
  };
}
