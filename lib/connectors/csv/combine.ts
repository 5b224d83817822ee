import type { Quality } from "../../metrics/registry";
import { worst } from "../worst-quality";
import { OrderedRows } from "./ordered-rows";
import type { RowReading } from "./rows";

/** One interval: a row of a wide file, or the rows of a long one put together. */
export type Combined = RowReading & {
  /** Of a long file's values, in the order of the settings. */
  parts?: { quality: Quality; line: number }[];
};

/** Intervals as they come in: most files are in order, and need no look-up by start. */
export class Intervals {
  /** Of wide files, until one is not in order of time. */
  private rows: OrderedRows | undefined;
  private inOrder: Combined[] = [];
  private byStart: Map<number, Combined> | undefined;

  constructor(valueCount: number, isLong: boolean) {
    this.rows = isLong ? undefined : new OrderedRows(valueCount);
  }

  /** Takes a row that begins after all others have ended, as long as all did; else false. */
  append(row: RowReading): boolean {
    if (!this.rows) return false;
    if (this.rows.append(row)) return true;
    this.inOrder = this.rows.all();
    this.rows = undefined;
    return false;
  }

  /** All of them, where they are in order and do not overlap; else undefined, and `all` has them. */
  get ordered(): OrderedRows | undefined {
    return this.rows;
  }

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

/** Of parts the worst quality. */
export function qualityOf({ parts, quality }: Combined): Quality {
  return parts ? worst(Object.values(parts).map((part) => part.quality)) : quality;
}

/**
 * Takes a row in; it wins over what is known. Gives the line of a row of the same file that said something else.
 */
export function takeIn(row: RowReading, intervals: Intervals, isLong: boolean): number | undefined {
  if (intervals.append(row)) return undefined;
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
