import { type MetricName, metricOf } from "../../metrics/registry";
import { roundTo } from "../../units";
import type { Reading } from "../contract";
import { qualityOfRank } from "../worst-quality";
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

/**
 * Writes the readings of one day, rounded, to `readings` from `next` on, and gives the place after the last. Streams of one direction are summed, and streams of different interval lengths meet in
 * the shortest interval that all of them fill. `expected` are the suffixes that make up the meter on this day: a sum in
 * which one of them is missing or null is null, never too small. A direction without any stream counts as 0 in the net.
 */
export function addReadingsOfDay(
  day: MeterDay,
  expected: readonly string[],
  readings: Reading[],
  next: number,
): number {
  const rows = [...day.rows.values()].filter((row) => row !== undefined);
  if (rows.length === 0) return next;
  const minutes = rows.map((row) => row.stream.intervalMinutes).reduce(leastCommonMultiple);
  const count = 1440 / minutes;
  const taken = laneOf(day, expected, "taken", minutes);
  const sent = laneOf(day, expected, "sent", minutes);
  const reactiveTaken = laneOf(day, expected, "reactiveTaken", minutes);
  const reactiveSent = laneOf(day, expected, "reactiveSent", minutes);
  const ranks = worstRanks([taken, sent, reactiveTaken, reactiveSent], count);
  const positive = valuesOf(taken, "eRealPositiveKwh");
  const negative = valuesOf(sent, "eRealNegativeKwh");
  const energy = net(taken, sent, "eRealKwh");
  const reactive = net(reactiveTaken, reactiveSent, "eReactiveKvarh");
  let end = next;
  for (let at = 0; at < count; at++) {
    const quality = qualityOfRank(ranks[at] ?? 0);
    if (!quality) continue;
    const reading: Reading = {
      startEpochSeconds: day.startEpochSeconds + at * minutes * 60,
      durationSeconds: minutes * 60,
      quality,
      eRealKwh: energy[at] as number,
      eRealPositiveKwh: positive[at] as number,
      eRealNegativeKwh: negative[at] as number,
      eReactiveKvarh: reactive === UNKNOWN ? null : (reactive[at] as number),
    };
    // Afterwards: a choice between number and null within the literal takes the memory of another number each time.
    if (Number.isNaN(energy[at])) reading.eRealKwh = null;
    if (Number.isNaN(positive[at])) reading.eRealPositiveKwh = null;
    if (Number.isNaN(negative[at])) reading.eRealNegativeKwh = null;
    if (Number.isNaN(reactive[at])) reading.eReactiveKvarh = null;
    readings[end++] = reading;
  }
  return end;
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
function worstRanks(lanes: readonly Lane[], count: number): Uint8Array {
  const worst = new Uint8Array(count);
  for (const lane of lanes) {
    if (typeof lane === "string") continue;
    for (let at = 0; at < count; at++) worst[at] = Math.max(worst[at] ?? 0, lane.ranks[at] ?? 0);
  }
  return worst;
}

/** Of a day of the shortest intervals, none known. */
const UNKNOWN = new Float64Array(288).fill(Number.NaN);

/** NaN where an interval is unknown. */
function valuesOf(lane: Lane, metric: MetricName): Float64Array {
  return typeof lane === "string" ? UNKNOWN : rounded(lane.values, 1, undefined, metric);
}

function net(taken: Lane, sent: Lane, metric: MetricName): Float64Array {
  if (taken === "unknown" || sent === "unknown") return UNKNOWN;
  if (sent === "none") return valuesOf(taken, metric);
  return taken === "none" ? rounded(sent.values, -1, undefined, metric) : rounded(taken.values, 1, sent.values, metric);
}

/** `values × sign - minus`, to the digits the registry keeps. */
function rounded(
  values: Float64Array,
  sign: 1 | -1,
  minus: Float64Array | undefined,
  metric: MetricName,
): Float64Array {
  const { decimals } = metricOf(metric);
  const result = new Float64Array(values.length);
  for (let at = 0; at < values.length; at++) {
    const value = values[at] as number;
    result[at] = roundTo(minus ? value - (minus[at] as number) : value * sign, decimals);
  }
  return result;
}

function leastCommonMultiple(a: number, b: number): number {
  let multiple = Math.max(a, b);
  while (multiple % a !== 0 || multiple % b !== 0) multiple += Math.max(a, b);
  return multiple;
}
