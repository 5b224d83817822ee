/** How many digits a token takes at least and at most, and which part of a time it is. */
const TOKENS: Record<string, { part: Part; pattern: string }> = {
  YYYY: { part: "year", pattern: "(\\d{4})" },
  YY: { part: "shortYear", pattern: "(\\d{2})" },
  MMM: { part: "monthName", pattern: "([A-Za-z]{3,9})\\.?" },
  MM: { part: "month", pattern: "(\\d{2})" },
  M: { part: "month", pattern: "(\\d{1,2})" },
  DD: { part: "day", pattern: "(\\d{2})" },
  D: { part: "day", pattern: "(\\d{1,2})" },
  HH: { part: "hour", pattern: "(\\d{2})" },
  H: { part: "hour", pattern: "(\\d{1,2})" },
  hh: { part: "hour12", pattern: "(\\d{2})" },
  h: { part: "hour12", pattern: "(\\d{1,2})" },
  mm: { part: "minute", pattern: "(\\d{2})" },
  ss: { part: "second", pattern: "(\\d{2})" },
  SSS: { part: "fraction", pattern: "(\\d{1,9})" },
  A: { part: "half", pattern: "([AaPp])\\.?[Mm]\\.?" },
  Z: { part: "offset", pattern: "(Z|z|[+-]\\d{2}:?\\d{2}|[+-]\\d{2})" },
  X: { part: "epoch", pattern: "(\\d{9,10})(?:\\.\\d+)?" },
  x: { part: "epochMilliseconds", pattern: "(\\d{12,13})" },
};
const TOKEN = /YYYY|YY|MMM|MM|M|DD|D|HH|H|hh|h|mm|ss|SSS|A|Z|X|x/g;

type Part =
  | "year"
  | "shortYear"
  | "month"
  | "monthName"
  | "day"
  | "hour"
  | "hour12"
  | "minute"
  | "second"
  | "fraction"
  | "half"
  | "offset"
  | "epoch"
  | "epochMilliseconds";

const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/** ISO 8601 and what is close to it: a space for the T, slashes, seconds and offset where they are. */
const ISO = {
  expression:
    /^(\d{4})([-/])(\d{2})\2(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?)?\s?(Z|z|[+-]\d{2}:?\d{2}|[+-]\d{2})?$/,
  parts: ["year", undefined, "month", "day", "hour", "minute", "second", "fraction", "offset"] as (Part | undefined)[],
};

/** What a stamp says: seconds as if its wall clock were UTC, and its own offset from UTC where it tells one. */
export interface Stamp {
  wallSeconds: number;
  offsetSeconds: number | undefined;
}

/** Undefined where the text is no such time. */
export type StampReader = (text: string) => Stamp | undefined;

/** A sentence, or undefined for a format that can be read. */
export function wrongWithFormat(format: string): string | undefined {
  if (format === "auto") return undefined;
  const parts = compile(format).parts;
  if (new Set(parts).size < parts.length) return "A part of the time is named twice.";
  if (parts.includes("epoch") || parts.includes("epochMilliseconds")) {
    return parts.length === 1 ? undefined : "X and x stand alone.";
  }
  const has = (...wanted: Part[]) => wanted.some((part) => parts.includes(part));
  if (!has("year", "shortYear") || !has("month", "monthName") || !has("day"))
    return "A year, a month and a day are needed.";
  if (has("hour12") !== has("half")) return "hh and A go together; HH counts to 24.";
  return undefined;
}

/** `2026-11-01 00:00 to 2026-11-01 00:15`, as several utilities in the US write their intervals. */
const BOTH_ENDS = /^(.*\S)\s+to\s+(\S.*)$/i;

/**
 * The reader of a format of tokens, or of `auto`. The last text's date is remembered: a file has many rows a day. Of a text with both
 * ends of an interval it reads the one that stamps are.
 */
export function stampReader(format: string, stampIs: "start" | "end" = "start"): StampReader {
  const { expression, parts } = format === "auto" ? ISO : compile(format);
  const fast = format === "auto" ? fastIso() : undefined;
  return (text) => {
    const quick = fast?.(text);
    if (quick) return quick;
    const match = expression.exec(text) ?? expression.exec(BOTH_ENDS.exec(text)?.[stampIs === "end" ? 2 : 1] ?? "");
    return match ? stampOf(match, parts) : undefined;
  };
}

function compile(format: string): { expression: RegExp; parts: (Part | undefined)[] } {
  const parts: Part[] = [];
  let pattern = "";
  let at = 0;
  const literal = (text: string) => text.replaceAll(/[.*+?^${}()|[\]\\/-]/g, "\\$&").replaceAll(/\s+/g, "\\s+");
  for (const match of format.matchAll(TOKEN)) {
    const token = TOKENS[match[0]];
    if (!token) continue;
    pattern += literal(format.slice(at, match.index)) + token.pattern;
    parts.push(token.part);
    at = match.index + match[0].length;
  }
  return { expression: new RegExp(`^${pattern}${literal(format.slice(at))}$`), parts };
}

function stampOf(match: RegExpExecArray, parts: readonly (Part | undefined)[]): Stamp | undefined {
  const text = (part: Part) => {
    const at = parts.indexOf(part);
    return at < 0 ? undefined : match[at + 1];
  };
  const epoch = text("epoch");
  if (epoch !== undefined) return { wallSeconds: Number(epoch), offsetSeconds: 0 };
  const milliseconds = text("epochMilliseconds");
  if (milliseconds !== undefined) return { wallSeconds: Math.floor(Number(milliseconds) / 1000), offsetSeconds: 0 };
  const shortYear = text("shortYear");
  const year = shortYear === undefined ? Number(text("year")) : 2000 + Number(shortYear);
  const name = text("monthName")?.toLowerCase();
  const month = name === undefined ? Number(text("month")) : MONTHS.indexOf(name.slice(0, 3)) + 1;
  const half = text("half")?.toLowerCase();
  const hour12 = Number(text("hour12") ?? 0);
  if (half !== undefined && (hour12 < 1 || hour12 > 12)) return undefined;
  const hour = half === undefined ? Number(text("hour") ?? 0) : (hour12 % 12) + (half === "p" ? 12 : 0);
  const wallSeconds = wallSecondsOf(
    year,
    month,
    Number(text("day")),
    hour,
    Number(text("minute") ?? 0),
    Number(text("second") ?? 0),
  );
  const offsetSeconds = offsetOf(text("offset"));
  return wallSeconds === undefined ? undefined : { wallSeconds, offsetSeconds };
}

/** 24:00 is the next day's 00:00. Undefined for what no clock and no calendar shows. */
function wallSecondsOf(
  year: number,
  month: number,
  day: number,
  hour: number,
  minute: number,
  second: number,
): number | undefined {
  if (hour > 24 || minute > 59 || second > 59 || (hour === 24 && (minute > 0 || second > 0))) return undefined;
  const midnight = new Date(Date.UTC(year, month - 1, day));
  if (midnight.getUTCFullYear() !== year || midnight.getUTCMonth() !== month - 1 || midnight.getUTCDate() !== day)
    return undefined;
  return midnight.getTime() / 1000 + hour * 3600 + minute * 60 + second;
}

function offsetOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (text === "Z" || text === "z") return 0;
  const [, sign, hours, minutes] = /^([+-])(\d{2}):?(\d{2})?$/.exec(text) ?? [];
  return (sign === "-" ? -1 : 1) * (Number(hours) * 3600 + Number(minutes ?? 0) * 60);
}

/** `2026-11-01 00:30`, with seconds or without: the most frequent form, read without an expression once its date is known. */
function fastIso(): StampReader {
  let date = "";
  let midnight = 0;
  return (text) => {
    const { length } = text;
    if ((length !== 16 && length !== 19) || text.charCodeAt(13) !== 58) return undefined;
    const separator = text.charCodeAt(10);
    if (separator !== 32 && separator !== 84) return undefined;
    if (!text.startsWith(date) || date === "") {
      const match = ISO.expression.exec(text);
      const stamp = match ? stampOf(match, ISO.parts) : undefined;
      if (!stamp || stamp.offsetSeconds !== undefined) return stamp;
      date = text.slice(0, 10);
      midnight = Date.UTC(Number(date.slice(0, 4)), Number(date.slice(5, 7)) - 1, Number(date.slice(8))) / 1000;
      return stamp;
    }
    const hour = twoDigits(text, 11);
    const minute = twoDigits(text, 14);
    const second = length === 19 ? (text.charCodeAt(16) === 58 ? twoDigits(text, 17) : -1) : 0;
    if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59) return undefined;
    return { wallSeconds: midnight + hour * 3600 + minute * 60 + second, offsetSeconds: undefined };
  };
}

function twoDigits(text: string, at: number): number {
  const tens = text.charCodeAt(at) - 48;
  const ones = text.charCodeAt(at + 1) - 48;
  return tens < 0 || tens > 9 || ones < 0 || ones > 9 ? -1 : tens * 10 + ones;
}
