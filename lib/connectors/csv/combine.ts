import type { Quality } from "../../metrics/registry";
import type { Reading } from "../contract";
import { worst } from "../worst-quality";
import type { RowReading } from "./rows";
import type { CsvSettings } from "./settings";
import type { CsvMetric } from "./units";

/** One interval: a row of a wide file, or the rows of a long one put together. */
export type Combined = RowReading & {
  /** Of a long file's values, in the order of the settings. */
  parts?: { quality: Quality; line: number }[];
};

/** Undefined where there is no value at all. Without a net of its own it is taken - sent, where a side without a column counts 0. */
export function combinedReading(combined: Combined, settings: CsvSettings): Reading | undefined {
  const { start, seconds, parts } = combined;
  const quality = parts ? worst(Object.values(parts).map((part) => part.quality)) : combined.quality;
  const reading: Reading = { startEpochSeconds: start, durationSeconds: seconds, quality };
  let hasValue = false;
  for (let at = 0; at < settings.values.length; at++) {
    const { metric } = settings.values[at] as CsvSettings["values"][number];
    const value = combined.values[at] ?? null;
    const known = reading[metric];
    const amount = known === undefined ? value : together(metric, known, value);
    reading[metric] = amount;
    hasValue ||= amount !== null;
  }
  if (!hasValue) return undefined;
  if (reading.eRealKwh === undefined) addNet(reading);
  return reading;
}

/** Intervals as they come in: most files are in order, and need no look-up by start. */
export class Intervals {
  private readonly inOrder: Combined[] = [];
  private byStart: Map<number, Combined> | undefined;

  get(start: number): Combined | undefined {
    if (this.byStart) return this.byStart.get(start);
    const last = this.inOrder.at(-1);
    if (!last || last.start < start) return undefined;
    if (last.start === start) return last;
    this.byStart = new Map(this.inOrder.map((each) => [each.start, each]));
    return this.byStart.get(start);
  }

  set(interval: Combined): void {
    if (this.byStart) this.byStart.set(interval.start, interval);
    else if (this.inOrder.at(-1)?.start === interval.start) this.inOrder[this.inOrder.length - 1] = interval;
    else this.inOrder.push(interval);
  }

  all(): readonly Combined[] {
    return this.byStart ? [...this.byStart.values()] : this.inOrder;
  }
}

/**
 * Takes a row in; it wins over what is known. Gives the line of a row of the same file that said something else.
 */
export function takeIn(row: RowReading, intervals: Intervals, isLong: boolean): number | undefined {
  const known = intervals.get(row.start);
  if (!isLong) {
    intervals.set(row);
    const isSame = !known || known.order !== row.order || row.values.every((value, at) => value === known.values[at]);
    return isSame ? undefined : known.line;
  }
  const held: Combined = known ?? { ...row, parts: [] };
  const parts = held.parts ?? [];
  let replaced: number | undefined;
  for (let at = 0; at < row.values.length; at++) {
    const value = row.values[at];
    if (value === undefined) continue;
    const earlier = parts[at];
    if (earlier && held.order === row.order && held.values[at] !== value) replaced = earlier.line;
    held.values[at] = value;
    parts[at] = row;
  }
  held.order = row.order;
  held.seconds = row.seconds;
  if (!known) intervals.set(held);
  return replaced;
}

/** Energies are summed, and a sum without a part is null; of voltages and currents the lowest or highest that is there. */
function together(metric: CsvMetric, a: number | null, b: number | null): number | null {
  switch (metric) {
    case "vRmsMin":
    case "iRmsMin":
      return a === null || b === null ? (a ?? b) : Math.min(a, b);
    case "vRmsMax":
    case "iRmsMax":
      return a === null || b === null ? (a ?? b) : Math.max(a, b);
    default:
      return a === null || b === null ? null : a + b;
  }
}

function addNet(reading: Reading): void {
  const { eRealPositiveKwh: taken = 0, eRealNegativeKwh: sent = 0 } = reading;
  if (reading.eRealPositiveKwh === undefined && reading.eRealNegativeKwh === undefined) return;
  reading.eRealKwh = taken === null || sent === null ? null : taken - sent;
}
