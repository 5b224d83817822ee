import type { Quality } from "../../metrics/registry";
import type { Reading } from "../contract";
import { worse } from "../worst-quality";
import type { DayRow } from "./day-row";
import { conversionOf, type Direction, directionOf } from "./stream";

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

/**
 * Readings of one day. Streams of one direction are summed, and streams of different interval lengths meet in the
 * shortest interval that all of them fill. `expected` are the suffixes that make up the meter on this day: a sum in
 * which one of them is missing or null is null, never too small. A direction without any stream counts as 0 in the net.
 */
export function readingsOfDay(day: MeterDay, expected: readonly string[]): Reading[] {
  const rows = [...day.rows.values()].filter((row) => row !== undefined);
  if (rows.length === 0) return [];
  const minutes = rows.map((row) => row.stream.intervalMinutes).reduce(leastCommonMultiple);
  const taken = laneOf(day, expected, "taken", minutes);
  const sent = laneOf(day, expected, "sent", minutes);
  const reactiveTaken = laneOf(day, expected, "reactiveTaken", minutes);
  const reactiveSent = laneOf(day, expected, "reactiveSent", minutes);
  const lanes = [taken, sent, reactiveTaken, reactiveSent].filter((lane) => typeof lane === "object");
  const readings: Reading[] = [];
  for (let at = 0; at < 1440 / minutes; at++) {
    let quality: Quality | undefined;
    for (const lane of lanes) {
      const own = lane.qualities[at];
      if (own) quality = quality ? worse(quality, own) : own;
    }
    if (!quality) continue;
    readings.push({
      startEpochSeconds: day.startEpochSeconds + at * minutes * 60,
      durationSeconds: minutes * 60,
      quality,
      eRealKwh: net(taken, sent, at),
      eRealPositiveKwh: valueOrNull(taken, at),
      eRealNegativeKwh: valueOrNull(sent, at),
      eReactiveKvarh: net(reactiveTaken, reactiveSent, at),
    });
  }
  return readings;
}

/**
 * One direction of a day, interval by interval; an interval without a quality is unknown. `none`: the meter has no such stream. `unknown`: it has one,
 * and its day is refused or not in the file.
 */
type Lane = { values: Float64Array; qualities: (Quality | undefined)[] } | "none" | "unknown";

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
  const count = 1440 / minutes;
  const values = new Float64Array(count);
  const qualities = new Array<Quality | undefined>(count);
  for (let at = 0; at < count; at++) qualities[at] = addInterval(rows, at, minutes, values);
  return { values, qualities };
}

/** Adds up one interval of the rows; undefined where a part of it is null. */
function addInterval(
  rows: readonly Converted[],
  at: number,
  minutes: number,
  values: Float64Array,
): Quality | undefined {
  let worstOfAll: Quality | undefined;
  let sum = 0;
  for (const { row, toUnit } of rows) {
    const step = row.stream.intervalMinutes;
    const end = ((at + 1) * minutes) / step;
    for (let part = (at * minutes) / step; part < end; part++) {
      const quality = row.qualities[part];
      if (!quality) return undefined;
      worstOfAll = worstOfAll ? worse(worstOfAll, quality) : quality;
      sum += toUnit(row.values[part] ?? Number.NaN);
    }
  }
  values[at] = sum;
  return worstOfAll;
}

function net(taken: Lane, sent: Lane, at: number): number | null {
  if (taken === "none" && sent === "none") return null;
  const plus = taken === "none" ? 0 : valueOrNull(taken, at);
  const minus = sent === "none" ? 0 : valueOrNull(sent, at);
  return plus === null || minus === null ? null : plus - minus;
}

function valueOrNull(lane: Lane, at: number): number | null {
  if (typeof lane === "string" || !lane.qualities[at]) return null;
  return lane.values[at] ?? null;
}

function leastCommonMultiple(a: number, b: number): number {
  let multiple = Math.max(a, b);
  while (multiple % a !== 0 || multiple % b !== 0) multiple += Math.max(a, b);
  return multiple;
}
