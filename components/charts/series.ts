import type { Quality } from "@/lib/metrics/registry";

/** One interval `[startAt, endAt)` of a series. */
export interface Bucket {
  /** ISO 8601 or Date; START of the interval. */
  startAt: string | Date;
  endAt: string | Date;
  /** Null: there should be a value and there is none. Never 0 for that. Leave out what is not due yet. */
  value: number | null;
  /** Default `actual`. Anything else is drawn hatched. */
  quality?: Quality;
  /** A restatement changed it; `used`: an MRV record had used the value before. */
  restated?: boolean | "used";
}

export interface Series {
  /** Unique in the chart. */
  id: string;
  label: string;
  /** Energy of an interval is `bars`; power and estimates are a `line`; an earlier range, shifted to this one, is `compare`. */
  kind: "bars" | "line" | "compare";
  buckets: readonly Bucket[];
  /** 1 to 6; the same meter keeps its colour on a page. Default 1. Compare has its own. */
  color?: 1 | 2 | 3 | 4 | 5 | 6;
  /** Behind a line: between a low and a high estimate. */
  band?: readonly { startAt: string | Date; endAt: string | Date; low: number; high: number }[];
  /** For compare: where its buckets really were, so that the tooltip can say it. */
  shiftMs?: number;
}

export interface Point {
  start: number;
  end: number;
  value: number | null;
  quality: Quality;
  restated: boolean | "used";
}

/** Buckets as epoch milliseconds, oldest first. */
export function pointsOf(buckets: readonly Bucket[]): Point[] {
  return buckets
    .map(({ startAt, endAt, value, quality = "actual", restated = false }) => ({
      start: new Date(startAt).getTime(),
      end: new Date(endAt).getTime(),
      value,
      quality,
      restated,
    }))
    .sort((a, b) => a.start - b.start);
}

export interface Span {
  start: number;
  end: number;
}

/** A missing stretch as it is told: `label` says why, `No data from the vendor`. */
export interface GapMark extends Span {
  label?: string;
}

/** Where a value is missing: runs of null, and holes between buckets. What lies before the first and after the last is none. */
export function gapsOf(points: readonly Point[]): Span[] {
  const gaps: Span[] = [];
  let coveredUntil: number | null = null;
  const add = (start: number, end: number) => {
    const last = gaps.at(-1);
    if (last && last.end >= start) last.end = Math.max(last.end, end);
    else gaps.push({ start, end });
  };
  for (const point of points) {
    if (coveredUntil !== null && point.start > coveredUntil) add(coveredUntil, point.start);
    if (point.value === null) add(point.start, point.end);
    coveredUntil = Math.max(coveredUntil ?? point.end, point.end);
  }
  return gaps;
}

/** Runs of values without a break: what one stroke of a line may join. */
export function runsOf(points: readonly Point[]): (Point & { value: number })[][] {
  const runs: (Point & { value: number })[][] = [];
  let end: number | null = null;
  for (const point of points) {
    if (point.value === null) {
      end = null;
      continue;
    }
    const solid = { ...point, value: point.value };
    if (end === point.start) runs.at(-1)?.push(solid);
    else runs.push([solid]);
    end = point.end;
  }
  return runs;
}

/** Neighbouring restated buckets as one mark; `used` if any of them was. */
export function restatementsOf(points: readonly Point[]): (Span & { used: boolean; count: number })[] {
  const marks: (Span & { used: boolean; count: number })[] = [];
  for (const point of points) {
    if (!point.restated) continue;
    const used = point.restated === "used";
    const last = marks.at(-1);
    if (last && last.end === point.start) {
      last.end = point.end;
      last.used ||= used;
      last.count += 1;
    } else marks.push({ start: point.start, end: point.end, used, count: 1 });
  }
  return marks;
}

/** What the chart's cursor stops at: every interval that some series has, oldest first, with each series' point. */
export function stopsOf(series: readonly { id: string; points: readonly Point[] }[]): Stop[] {
  const stops = new Map<number, Stop>();
  for (const { id, points } of series) {
    for (const point of points) {
      const stop = stops.get(point.start) ?? {
        start: point.start,
        end: point.end,
        mid: (point.start + point.end) / 2,
        points: {},
      };
      stop.points[id] = point;
      stops.set(point.start, stop);
    }
  }
  return [...stops.values()].sort((a, b) => a.start - b.start);
}

export interface Stop extends Span {
  mid: number;
  points: Record<string, Point>;
}

/** The interval that holds an instant, or the one nearest to it. `stops` are oldest first. */
export function nearestStop<Stop extends Span>(stops: readonly Stop[], at: number): Stop | undefined {
  let low = 0;
  let high = stops.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((stops[middle]?.start ?? 0) <= at) low = middle;
    else high = middle - 1;
  }
  const [before, after] = [stops[low], stops[low + 1]];
  return before && after && at >= before.end && after.start - at < at - before.end ? after : before;
}
