import type { Quality } from "../metrics/registry";
import type { Thresholds } from "./thresholds";

/** One stored reading as the checks look at it. Epoch seconds; energies in kWh; null: the source did not say. */
export interface CheckedReading {
  /** START of the interval. */
  startAt: number;
  durationSeconds: number;
  quality: Quality;
  /** Net energy, or the estimate of a modelled meter. */
  energyKwh: number | null;
  positiveKwh: number | null;
  negativeKwh: number | null;
}

/** What a check is given: readings in order of their start, and what is known of the meter. */
export interface CheckInput {
  readings: readonly CheckedReading[];
  /** End of the last reading before the first one; null where there is none. */
  previousEndAt: number | null;
  /** A task's rejected rows, with the interval that they were read for. */
  rejects: readonly { from: number; to: number; reason: string }[];
  timezone: string;
  capacityKw: number | null;
  /** Usual length of a reading. */
  resolutionSeconds: number;
  thresholds: Thresholds;
  now: number;
}

/** A stretch `[from, to)` in epoch seconds where readings are not as they should be. */
export interface Found {
  from: number;
  to: number;
  /** What was measured, and from where on it is a finding; both in `unit`. */
  figure: number;
  threshold: number;
  unit: "min" | "h" | "s" | "kWh" | "kW" | "times" | "rows";
  /** For people: what is there, in one sentence. */
  sentence: string;
}

export interface Check {
  /** Stored in `findings.check`. */
  name: string;
  label: string;
  /** What it usually means and what to do about it. */
  meaning: string;
  /** Pure: the same input gives the same findings, in order. Empty where the check does not apply to the meter. */
  run(input: CheckInput): Found[];
}

export const endOf = (reading: CheckedReading) => reading.startAt + reading.durationSeconds;

/** Neighbouring readings that a test holds for, as runs; a gap between two readings ends a run. */
export function runsOf(
  readings: readonly CheckedReading[],
  holds: (reading: CheckedReading, previous: CheckedReading | undefined) => boolean,
): CheckedReading[][] {
  const runs: CheckedReading[][] = [];
  let current: CheckedReading[] = [];
  for (const reading of readings) {
    const previous = current.at(-1);
    const isNext = previous !== undefined && endOf(previous) === reading.startAt;
    if (isNext && holds(reading, previous)) {
      current.push(reading);
      continue;
    }
    if (current.length > 0) runs.push(current);
    current = holds(reading, undefined) ? [reading] : [];
  }
  if (current.length > 0) runs.push(current);
  return runs;
}

export function rangeOf(run: readonly CheckedReading[]): { from: number; to: number } {
  const [first] = run;
  const last = run.at(-1);
  if (!first || !last) throw new Error("A run has at least one reading.");
  return { from: first.startAt, to: endOf(last) };
}

/** Up to four significant digits, for sentences. */
export function inWords(value: number): string {
  return String(Number(value.toPrecision(4))).replace("-", "−");
}
