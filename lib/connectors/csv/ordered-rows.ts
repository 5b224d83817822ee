import { qualityOfRank, rankOf } from "../worst-quality";
import type { RowReading } from "./rows";

/** A block is small enough to come from memory that was used before. */
const BLOCK_BYTES = 100_000;
/** Numbers of a row before its values. */
const VALUES_AT = 5;

/**
 * Rows of a wide file in order of time, as numbers side by side: an object for each row takes three times the memory, and a year of a fleet has
 * tens of millions.
 */
export class OrderedRows {
  private readonly stride: number;
  private readonly rowsOfBlock: number;
  private readonly blocks: Float64Array[] = [];
  private count = 0;
  private end = Number.NEGATIVE_INFINITY;

  constructor(private readonly valueCount: number) {
    this.stride = VALUES_AT + valueCount;
    this.rowsOfBlock = Math.ceil(BLOCK_BYTES / (8 * this.stride));
  }

  /** False, and the row is not taken, where it begins before the last one has ended. */
  append({ start, seconds, quality, line, order, values }: RowReading): boolean {
    if (start < this.end) return false;
    const place = this.count % this.rowsOfBlock;
    if (place === 0) this.blocks.push(new Float64Array(this.rowsOfBlock * this.stride));
    const block = this.blocks.at(-1) as Float64Array;
    const at = place * this.stride;
    block[at] = start;
    block[at + 1] = seconds;
    block[at + 2] = line;
    block[at + 3] = order;
    block[at + 4] = rankOf(quality);
    for (let index = 0; index < this.valueCount; index++) block[at + VALUES_AT + index] = values[index] ?? Number.NaN;
    this.count += 1;
    this.end = start + seconds;
    return true;
  }

  get length(): number {
    return this.count;
  }

  /** Calls `take` with each row; its values are those of `numbers` from `valuesAt` on, NaN for nothing. */
  forEach(take: (start: number, seconds: number, rank: number, numbers: Float64Array, valuesAt: number) => void): void {
    let left = this.count;
    for (const block of this.blocks) {
      const rows = Math.min(left, this.rowsOfBlock);
      for (let at = 0; at < rows * this.stride; at += this.stride) {
        take(block[at] as number, block[at + 1] as number, block[at + 4] as number, block, at + VALUES_AT);
      }
      left -= rows;
    }
  }

  /** As they were taken in. */
  all(): RowReading[] {
    return Array.from({ length: this.count }, (_, row) => {
      const block = this.blocks[Math.floor(row / this.rowsOfBlock)] as Float64Array;
      const at = (row % this.rowsOfBlock) * this.stride;
      const [start = 0, seconds = 0, line = 0, order = 0, rank = 0] = block.subarray(at, at + VALUES_AT);
      const values = Array.from(block.subarray(at + VALUES_AT, at + this.stride), (value) =>
        Number.isNaN(value) ? null : value,
      );
      return { kind: "reading", start, seconds, quality: qualityOfRank(rank) ?? "actual", values, line, order };
    });
  }
}
