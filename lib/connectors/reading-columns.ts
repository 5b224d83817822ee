import type { SourceMetric } from "./contract";
import { Readings } from "./readings";

/**
 * Columns that a parser writes its readings to, from `length` on, in order of time and rounded. What grows is copied again and again, so they are as
 * long as they can become; figures that are not written are null.
 */
export class ReadingColumns {
  length = 0;
  readonly startEpochSeconds: Float64Array;
  readonly durationSeconds: Float64Array;
  readonly qualityRanks: Uint8Array;
  private readonly values: ReadonlyMap<SourceMetric, Float64Array>;

  constructor(metrics: readonly SourceMetric[], most: number) {
    this.startEpochSeconds = new Float64Array(most);
    this.durationSeconds = new Float64Array(most);
    this.qualityRanks = new Uint8Array(most);
    this.values = new Map(metrics.map((metric) => [metric, new Float64Array(most).fill(Number.NaN)]));
  }

  column(metric: SourceMetric): Float64Array {
    const column = this.values.get(metric);
    if (!column) throw new Error(`There is no column for ${metric}.`);
    return column;
  }

  /** Takes out what was written from a place on without a quality. */
  dropUnranked(from: number): void {
    const { startEpochSeconds, durationSeconds, qualityRanks, values, length } = this;
    let kept = qualityRanks.subarray(0, length).indexOf(0, from);
    if (kept < 0) return;
    const columns = [startEpochSeconds, durationSeconds, qualityRanks, ...values.values()];
    for (let at = kept; at < length; at++) {
      if (qualityRanks[at] === 0) continue;
      for (const column of columns) column[kept] = column[at] as number;
      kept += 1;
    }
    qualityRanks.fill(0, kept, length);
    for (const column of values.values()) column.fill(Number.NaN, kept, length);
    this.length = kept;
  }

  /** What was written. */
  readings(): Readings {
    const { length, startEpochSeconds, durationSeconds, qualityRanks, values } = this;
    const all = new Readings(startEpochSeconds.length, startEpochSeconds, durationSeconds, qualityRanks, values);
    return all.slice(0, length);
  }
}
