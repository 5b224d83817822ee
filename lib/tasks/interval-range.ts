import { addDuration, dayStart } from "../time";

const recentRanges = { "24h": 86_400, "7d": 7 * 86_400, "30d": 30 * 86_400 } as const;
type RecentRange = keyof typeof recentRanges;

interface RangeWords {
  recent?: RecentRange | null;
  /** One civil day, `2026-11-22`. */
  day?: string | null;
  /** A civil day, or an instant. A day given as `to` is part of the range. */
  from?: string | null;
  to?: string | null;
}

/** The range that an address names, days in `zone`. What cannot be read is left out. */
export function rangeOf(words: RangeWords, zone: string, now: Date): { from?: Date; to?: Date } {
  if (words.recent) return { from: new Date(now.getTime() - recentRanges[words.recent] * 1000) };
  if (words.day) return compact(instantOf(words.day, zone, false), instantOf(words.day, zone, true));
  return compact(instantOf(words.from, zone, false), instantOf(words.to, zone, true));
}

function instantOf(text: string | null | undefined, zone: string, isEnd: boolean): Date | undefined {
  if (!text) return undefined;
  const day = dayStart(text, zone);
  if (day) return isEnd ? addDuration(day, "P1D", zone) : day;
  const at = /^\d{4}-\d{2}-\d{2}T/.test(text) ? new Date(text) : undefined;
  return at && !Number.isNaN(at.getTime()) ? at : undefined;
}

function compact(from: Date | undefined, to: Date | undefined) {
  return { ...(from && { from }), ...(to && { to }) };
}
