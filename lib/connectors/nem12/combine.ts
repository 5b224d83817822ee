import type { Quality } from "../../metrics/registry";
import type { Reading } from "../contract";
import { worst } from "../worst-quality";
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
  const readings: Reading[] = [];
  for (let minute = 0; minute < 1440; minute += minutes) {
    const taken = sum(day, expected, "taken", minute, minutes);
    const sent = sum(day, expected, "sent", minute, minutes);
    const reactiveTaken = sum(day, expected, "reactiveTaken", minute, minutes);
    const reactiveSent = sum(day, expected, "reactiveSent", minute, minutes);
    const parts = [taken, sent, reactiveTaken, reactiveSent].filter((part) => part !== "unknown" && part !== "none");
    if (parts.length === 0) continue;
    readings.push({
      startEpochSeconds: day.startEpochSeconds + minute * 60,
      durationSeconds: minutes * 60,
      quality: worst(parts.map((part) => part.quality)),
      eRealKwh: net(taken, sent),
      eRealPositiveKwh: valueOrNull(taken),
      eRealNegativeKwh: valueOrNull(sent),
      eReactiveKvarh: net(reactiveTaken, reactiveSent),
    });
  }
  return readings;
}

/** `none`: the meter has no such stream. `unknown`: it has one, and its value is null, refused or not in the file. */
type Sum = { value: number; quality: Quality } | "none" | "unknown";

function sum(day: MeterDay, expected: readonly string[], direction: Direction, minute: number, minutes: number): Sum {
  const suffixes = expected.filter((suffix) => directionOf(suffix) === direction);
  if (suffixes.length === 0) return "none";
  let value = 0;
  const qualities: Quality[] = [];
  for (const suffix of suffixes) {
    const row = day.rows.get(suffix);
    const toUnit = row && conversionOf(row.stream);
    if (!row || !toUnit) return "unknown";
    const step = row.stream.intervalMinutes;
    for (let at = minute / step; at < (minute + minutes) / step; at++) {
      const quality = row.qualities[at];
      if (!quality) return "unknown";
      qualities.push(quality);
      value += toUnit(row.values[at] ?? Number.NaN);
    }
  }
  return { value, quality: worst(qualities) };
}

function net(taken: Sum, sent: Sum): number | null {
  if (taken === "unknown" || sent === "unknown" || (taken === "none" && sent === "none")) return null;
  return (taken === "none" ? 0 : taken.value) - (sent === "none" ? 0 : sent.value);
}

function valueOrNull(part: Sum): number | null {
  return part === "none" || part === "unknown" ? null : part.value;
}

function leastCommonMultiple(a: number, b: number): number {
  let multiple = Math.max(a, b);
  while (multiple % a !== 0 || multiple % b !== 0) multiple += Math.max(a, b);
  return multiple;
}
