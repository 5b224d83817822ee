import { metricOf } from "../../metrics/registry";
import { roundTo } from "../../units";
import type { SourceMetric } from "../contract";
import type { ReadingColumns } from "../reading-columns";
import type { DayRow } from "./day-row";
import { asWritten, conversionOf, type Direction, directionOf } from "./stream";

/** What is known of one day of the meter. */
export interface MeterDay {
  date: string;
  /** Unix seconds of its first interval's start. */
  startEpochSeconds: number;
  /** By suffix; undefined: there was a row, and none of its rows could be used. */
  rows: Map<string, DayRow | undefined>;
  /** Suffixes the NMI configuration of the day's rows names; empty when it says nothing. */
  configured: Set<string>;
}

/** How many readings a day can have at most: as many as its finest row. */
export function mostReadings(rows: Iterable<DayRow | undefined>): number {
  let most = 0;
  for (const row of rows) most = Math.max(most, row?.values.length ?? 0);
  return most;
}

/** What a day of the meter says. */
export const DAY_METRICS = ["eRealKwh", "eRealPositiveKwh", "eRealNegativeKwh", "eReactiveKvarh"] as const;

/**
 * Adds the readings of one day, rounded. Streams of one direction are summed, and streams of different interval lengths meet in
 * the shortest interval that all of them fill. `expected` are the suffixes that make up the meter on this day: a sum in
 * which one of them is missing or null is null, never too small. A direction without any stream counts as 0 in the net.
 */
export function addReadingsOfDay(day: MeterDay, expected: readonly string[], columns: ReadingColumns): void {
  const rows = [...day.rows.values()].filter((row) => row !== undefined);
  if (rows.length === 0) return;
  const minutes = rows.map((row) => row.stream.intervalMinutes).reduce(leastCommonMultiple);
  const count = 1440 / minutes;
  const taken = laneOf(day, expected, "taken", minutes);
  const sent = laneOf(day, expected, "sent", minutes);
  const reactiveTaken = laneOf(day, expected, "reactiveTaken", minutes);
  const reactiveSent = laneOf(day, expected, "reactiveSent", minutes);

  const next = columns.length;
  const { startEpochSeconds, durationSeconds, qualityRanks } = columns;
  for (let at = 0; at < count; at++) startEpochSeconds[next + at] = day.startEpochSeconds + at * minutes * 60;
  durationSeconds.fill(minutes * 60, next, next + count);
  for (const lane of [taken, sent, reactiveTaken, reactiveSent]) worsen(qualityRanks, next, lane);
  write(taken, columns, "eRealPositiveKwh");
  write(sent, columns, "eRealNegativeKwh");
  writeNet(taken, sent, columns, "eRealKwh");
  writeNet(reactiveTaken, reactiveSent, columns, "eReactiveKvarh");
  columns.length += count;
  columns.dropUnranked(next);
}

/**
 * One direction of a day, interval by interval; an interval of rank 0 is unknown, and its value NaN. `none`: the meter has no such stream.
 * `unknown`: it has one, and its day is refused or not in the file.
 */
type Lane = Pick<DayRow, "values" | "ranks"> | "none" | "unknown";

interface Converted {
  row: DayRow;
  toUnit: (value: number) => number;
}

function laneOf(day: MeterDay, expected: readonly string[], direction: Direction, minutes: number): Lane {
  const suffixes = expected.filter((suffix) => directionOf(suffix) === direction);
  if (suffixes.length === 0) return "none";
  const rows: Converted[] = [];
  for (const suffix of suffixes) {
    const row = day.rows.get(suffix);
    const toUnit = row && conversionOf(row.stream);
    if (!row || !toUnit) return "unknown";
    rows.push({ row, toUnit });
  }
  const [only, another] = rows;
  if (only && !another && only.toUnit === asWritten && only.row.stream.intervalMinutes === minutes) return only.row;
  const count = 1440 / minutes;
  const values = new Float64Array(count).fill(Number.NaN);
  const ranks = new Uint8Array(count);
  for (let at = 0; at < count; at++) ranks[at] = addInterval(rows, at, minutes, values);
  return { values, ranks };
}

/** Adds up one interval of the rows and gives the worst rank; 0 where a part of it is null. */
function addInterval(rows: readonly Converted[], at: number, minutes: number, values: Float64Array): number {
  let worstRank = 0;
  let sum = 0;
  for (const { row, toUnit } of rows) {
    const step = row.stream.intervalMinutes;
    const end = ((at + 1) * minutes) / step;
    for (let part = (at * minutes) / step; part < end; part++) {
      const rank = row.ranks[part] ?? 0;
      if (rank === 0) return 0;
      worstRank = Math.max(worstRank, rank);
      sum += toUnit(row.values[part] ?? Number.NaN);
    }
  }
  values[at] = sum;
  return worstRank;
}

/** Of each interval the worst rank that any direction has. */
function worsen(ranks: Uint8Array, from: number, lane: Lane): void {
  if (typeof lane === "string") return;
  for (let at = 0; at < lane.ranks.length; at++) {
    const rank = lane.ranks[at] as number;
    if (rank > (ranks[from + at] as number)) ranks[from + at] = rank;
  }
}

/** One direction to the digits the registry keeps; what is unknown stays NaN. */
function write(lane: Lane, columns: ReadingColumns, metric: SourceMetric, sign: 1 | -1 = 1): void {
  if (typeof lane === "string") return;
  const { decimals } = metricOf(metric);
  const column = columns.column(metric);
  const from = columns.length;
  for (let at = 0; at < lane.values.length; at++) {
    column[from + at] = roundTo((lane.values[at] as number) * sign, decimals);
  }
}

function writeNet(taken: Lane, sent: Lane, columns: ReadingColumns, metric: SourceMetric): void {
  if (taken === "unknown" || sent === "unknown") return;
  if (sent === "none") write(taken, columns, metric);
  else if (taken === "none") write(sent, columns, metric, -1);
  else
    write(
      { ranks: taken.ranks, values: taken.values.map((value, at) => value - (sent.values[at] as number)) },
      columns,
      metric,
    );
}

function leastCommonMultiple(a: number, b: number): number {
  let multiple = Math.max(a, b);
  while (multiple % a !== 0 || multiple % b !== 0) multiple += Math.max(a, b);
  return multiple;
}
