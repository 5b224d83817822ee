import type { ParseContext } from "./contract";
import { SourceError } from "./source-error";

/** No meter counts so much in one interval, and sums of less lose no digits that matter. */
export const LARGEST_AMOUNT = 1e12;

/**
 * Counts what a parser holds of one parse, and throws SourceError `TOO_MANY_READINGS` past the context's limit: a file whose range
 * nobody knows yet must not fill the memory.
 */
export class ReadingLimit {
  private held = 0;
  private readonly most: number;

  constructor({ mostReadings }: Pick<ParseContext<unknown>, "mostReadings">) {
    this.most = mostReadings ?? Number.POSITIVE_INFINITY;
  }

  take(count: number): void {
    this.held += count;
    if (this.held <= this.most) return;
    throw new SourceError(
      "TOO_MANY_READINGS",
      `There are more than ${this.most.toLocaleString("en")} readings in one go: split it into files of fewer days.`,
      { isRetryable: false },
    );
  }
}
