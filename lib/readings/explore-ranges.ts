import { addDuration, civilDate, dayStart, startOfDay } from "../time";
import type { Granularity } from "./granularities";

/** Ranges the explorer offers: so many whole days of the site, ending with today. */
export const presets = ["P1D", "P7D", "P30D", "P90D", "P365D"] as const;
export type ExplorePreset = (typeof presets)[number];

/** What a range is measured against: the days just before it, or the same days a week or a year earlier. */
export const comparisons = ["before", "week", "year"] as const;
export type Comparison = (typeof comparisons)[number];

export interface InstantRange {
  from: Date;
  to: Date;
}

const DAY_MS = 86_400_000;
const LONGEST_MS = 3660 * DAY_MS;

/**
 * `from` and `to` as they stand in the address: a civil day of the site (`2026-11-21`, as the last one it is included) or an
 * instant. Where they make no range, or are not given, the preset decides; `isPreset` says so.
 */
export function rangeOf(
  asked: { preset: ExplorePreset; from: string | null; to: string | null },
  zone: string,
  now: Date,
): InstantRange & { isPreset: boolean } {
  const from = asked.from === null ? null : edgeOf(asked.from, zone);
  const last = asked.to === null ? null : edgeOf(asked.to, zone);
  const to = last?.isDay ? addDuration(last.at, "P1D", zone) : last?.at;
  if (from && to && to > from.at && to.getTime() - from.at.getTime() <= LONGEST_MS) {
    return { from: from.at, to, isPreset: false };
  }
  const end = addDuration(startOfDay(now, zone), "P1D", zone);
  return { from: addDuration(end, `-${asked.preset}`, zone), to: end, isPreset: true };
}

function edgeOf(text: string, zone: string): { at: Date; isDay: boolean } | null {
  const day = dayStart(text, zone);
  if (day) return { at: day, isDay: true };
  if (!/^\d{4}-\d{2}-\d{2}T[\d:.]+Z$/.test(text)) return null;
  const at = new Date(text);
  return Number.isNaN(at.getTime()) ? null : { at, isDay: false };
}

/** Civil days a range touches; a range that ends at midnight does not touch the day after. */
export function daysIn({ from, to }: InstantRange, zone: string): number {
  const [first, last] = [from, new Date(to.getTime() - 1)].map((at) => Date.parse(civilDate(at, zone)));
  return Math.max(0, ((last ?? 0) - (first ?? 0)) / DAY_MS + 1);
}

/** The earlier range, and the calendar step from it to the range: adding it to an instant keeps the time of day. */
export function comparedRange(
  range: InstantRange,
  comparison: Comparison,
  zone: string,
): InstantRange & { shift: string } {
  const shift = { before: `P${daysIn(range, zone)}D`, week: "P7D", year: "P1Y" }[comparison];
  return { from: addDuration(range.from, `-${shift}`, zone), to: addDuration(range.to, `-${shift}`, zone), shift };
}

/** More points than a chart of a thousand pixels can show only cost time. */
const MOST_POINTS = 3_200;
const seconds: Record<Exclude<Granularity, "raw">, number> = {
  PT30M: 1800,
  PT1H: 3600,
  P1D: 86_400,
  P1M: 30 * 86_400,
};

/** Whether a range can be shown so finely; days and months always can. `resolutionSeconds`: of the readings. */
export function isFineEnough(granularity: Granularity, { from, to }: InstantRange, resolutionSeconds: number): boolean {
  if (granularity === "P1D" || granularity === "P1M") return true;
  const step = granularity === "raw" ? resolutionSeconds : seconds[granularity];
  return (to.getTime() - from.getTime()) / 1000 / step <= MOST_POINTS;
}

/** What a range begins with: bars that are wide enough to be told apart. */
export function defaultGranularity({ from, to }: InstantRange): Granularity {
  const days = (to.getTime() - from.getTime()) / DAY_MS;
  if (days <= 1.6) return "raw";
  if (days <= 5.2) return "PT30M";
  if (days <= 45) return "PT1H";
  return days <= 800 ? "P1D" : "P1M";
}

/**
 * The stretch around a range that is drawn small under it, to move about in: six times as long, a month at least and three
 * years at most, ending with today where the range is near it.
 */
export function surroundings(
  range: InstantRange,
  zone: string,
  now: Date,
): InstantRange & { granularity: Granularity } {
  const days = Math.min(1098, Math.max(30, 6 * daysIn(range, zone), daysIn(range, zone) + 2));
  const today = addDuration(startOfDay(now, zone), "P1D", zone);
  const around = Math.floor((days - daysIn(range, zone)) / 2);
  const centred = addDuration(startOfDay(range.to, zone), `P${around}D`, zone);
  const to = new Date(Math.max(Math.min(centred.getTime(), today.getTime()), range.to.getTime()));
  const from = addDuration(to, `-P${days}D`, zone);
  return {
    from: new Date(Math.min(from.getTime(), range.from.getTime())),
    to,
    granularity: days <= 62 ? "PT1H" : "P1D",
  };
}
