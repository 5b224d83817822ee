import type { MetricName, Quality } from "../metrics/registry";
import type { Range, Reading, SourceMetric } from "./contract";
import { qualityOfRank } from "./worst-quality";

/**
 * Readings of one meter side by side, a column for each thing they say: making an object for each takes longer than reading its
 * figures, and a year of a fleet has tens of millions. In order of time, each start once; units and signs are those of `Reading`.
 */
export class Readings implements Iterable<Reading> {
  static readonly none = new Readings(0, new Float64Array(), new Float64Array(), new Uint8Array(), new Map());

  constructor(
    readonly length: number,
    /** Unix seconds, UTC, of the starts. */
    readonly startEpochSeconds: Float64Array,
    readonly durationSeconds: Float64Array,
    /** What `rankOf` gives for the quality. */
    readonly qualityRanks: Uint8Array,
    /** By metric; NaN is null, and a metric that is not here is absent from all of them. */
    readonly values: ReadonlyMap<SourceMetric, Float64Array>,
  ) {}

  qualityAt(index: number): Quality {
    const quality = qualityOfRank(this.qualityRanks[index] ?? 0);
    if (!quality) throw new RangeError(`There is no reading ${index} among ${this.length}.`);
    return quality;
  }

  /** One of them as an object, for those who look at a few. */
  readingAt(index: number): Reading {
    const reading: Reading = {
      startEpochSeconds: this.startEpochSeconds[index] as number,
      durationSeconds: this.durationSeconds[index] as number,
      quality: this.qualityAt(index),
    };
    for (const [metric, column] of this.values) {
      const value = column[index] as number;
      reading[metric] = Number.isNaN(value) ? null : value;
    }
    return reading;
  }

  *[Symbol.iterator](): Iterator<Reading> {
    for (let index = 0; index < this.length; index++) yield this.readingAt(index);
  }

  /** Whether any of them says something of the metric. */
  has(metric: MetricName): boolean {
    const column = metric === "carbonTons" ? undefined : this.values.get(metric);
    return column?.some((value) => !Number.isNaN(value)) ?? false;
  }

  /** How many start before an instant in Unix seconds, which is the place of the first that does not. */
  countBefore(epochSeconds: number): number {
    let low = 0;
    for (let high = this.length; low < high; ) {
      const middle = (low + high) >> 1;
      if ((this.startEpochSeconds[middle] as number) < epochSeconds) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Those that start inside the range. */
  within({ from, to }: Range): Readings {
    return this.slice(this.countBefore(from.getTime() / 1000), this.countBefore(to.getTime() / 1000));
  }

  /** Those from one place up to another; nothing is copied. */
  slice(from: number, to: number): Readings {
    if (from === 0 && to >= this.length) return this;
    const startEpochSeconds = this.startEpochSeconds.subarray(from, Math.min(to, this.length));
    return new Readings(
      startEpochSeconds.length,
      startEpochSeconds,
      this.durationSeconds.subarray(from, to),
      this.qualityRanks.subarray(from, to),
      new Map([...this.values].map(([metric, column]) => [metric, column.subarray(from, to)])),
    );
  }

  filter(isKept: (index: number) => boolean): Readings {
    const kept: number[] = [];
    for (let index = 0; index < this.length; index++) if (isKept(index)) kept.push(index);
    if (kept.length === this.length) return this;
    const of = (column: Float64Array) => Float64Array.from(kept, (index) => column[index] as number);
    return new Readings(
      kept.length,
      of(this.startEpochSeconds),
      of(this.durationSeconds),
      Uint8Array.from(kept, (index) => this.qualityRanks[index] as number),
      new Map([...this.values].map(([metric, column]) => [metric, of(column)])),
    );
  }
}
