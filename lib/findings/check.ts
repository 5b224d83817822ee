import type { Flow, RejectKind } from "../connectors/contract";
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

/** A row that was refused for something that a check looks for. */
export interface RefusedRow {
  from: number;
  to: number;
  kind: RejectKind;
  reason: string;
}

/** What a check is given: readings in order of their start, and what is known of the meter. */
export interface CheckInput {
  readings: readonly CheckedReading[];
  /** End of the last reading before the first one, start of the first one after the last; null where there is none. */
  previousEndAt: number | null;
  nextStartAt: number | null;
  refused: readonly RefusedRow[];
  timezone: string;
  capacityKw: number | null;
  /** Undefined: nobody knows. */
  flow: Flow | undefined;
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
  /**
   * What becomes of a finding that goes over the edge of what is looked at again. `worst`: the two parts are one, with the greater figure.
   * `length`: so they are, and the figure is the hours of both. `whole`: the check sees all of it whichever part is looked at.
   */
  over: "worst" | "length" | "whole";
  /** Pure: the same input gives the same findings, in order. Empty where the check does not apply to the meter. */
  run(input: CheckInput): Found[];
}

export const endOf = (reading: CheckedReading) => reading.startAt + reading.durationSeconds;

/** Mean power of the interval whichever way it flows, in kW; 0 where the energy is not known. */
export function powerKw({ energyKwh, durationSeconds }: CheckedReading): number {
  return (Math.abs(energyKwh ?? 0) * 3600) / durationSeconds;
}

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

/** What is wrong every few minutes is one trouble, not a hundred. */
const NEARBY_SECONDS = 3 * 3600;

/** Readings that a test holds for; those no further than three hours apart go together. */
export function clustersOf(
  readings: readonly CheckedReading[],
  holds: (reading: CheckedReading) => boolean,
): CheckedReading[][] {
  return nearby(readings.filter(holds), ({ startAt }) => startAt, endOf);
}

/** In order of time, put together where no more than three hours lie between one and the next. */
export function nearby<T>(all: readonly T[], startOf: (each: T) => number, endsAt: (each: T) => number): T[][] {
  const clusters: T[][] = [];
  let end = Number.NEGATIVE_INFINITY;
  for (const each of all) {
    const current = clusters.at(-1);
    if (current && startOf(each) - end <= NEARBY_SECONDS) current.push(each);
    else clusters.push([each]);
    end = Math.max(end, endsAt(each));
  }
  return clusters;
}

export function rangeOf(run: readonly CheckedReading[]): { from: number; to: number } {
  const [first] = run;
  const last = run.at(-1);
  if (!first || !last) throw new Error("A run has at least one reading.");
  return { from: first.startAt, to: endOf(last) };
}

/** The reading whose figure is the greatest. */
export function worstOf<T>(all: readonly T[], figureOf: (each: T) => number): T {
  const [first, ...others] = all;
  if (first === undefined) throw new Error("A run has at least one reading.");
  return others.reduce((worst, each) => (figureOf(each) > figureOf(worst) ? each : worst), first);
}

/** Rows of one kind that were refused, put together where they are near each other. */
export function refusedOf(
  { refused }: CheckInput,
  kind: RejectKind,
  sentenceOf: (count: number, reason: string) => string,
) {
  const rows = refused.filter((row) => row.kind === kind).sort((a, b) => a.from - b.from);
  return nearby(
    rows,
    ({ from }) => from,
    ({ to }) => to,
  ).map((cluster): Found => {
    const [first] = cluster;
    return {
      from: first?.from ?? 0,
      to: Math.max(...cluster.map(({ to }) => to)),
      figure: cluster.length,
      threshold: 0,
      unit: "rows",
      sentence: sentenceOf(cluster.length, first?.reason ?? ""),
    };
  });
}

/** Energy that the plant made in the interval, in kWh; null where the meter does not show it. */
export function generatedKwh(reading: CheckedReading, flow: Flow | undefined): number | null {
  if (flow === "load" || flow === undefined) return null;
  if (flow === "generation") return reading.energyKwh;
  return reading.negativeKwh ?? (reading.energyKwh === null ? null : Math.max(0, -reading.energyKwh));
}
