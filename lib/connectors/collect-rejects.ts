import type { Reject } from "./contract";

/** More than a person reads; a file of nothing but bad rows must not fill the memory. */
const MOST_LISTED = 5_000;
/** A reason quotes what it refuses, and that can be as long as a line. */
const LONGEST_REASON = 400;

/** Rejects of one parse: the first are listed, the rest counted. */
export class Rejects {
  private readonly listed: Reject[] = [];
  private unlisted = 0;

  add(reject: Reject): void {
    if (this.listed.length >= MOST_LISTED) this.unlisted += 1;
    else if (reject.reason.length <= LONGEST_REASON) this.listed.push(reject);
    else this.listed.push({ ...reject, reason: `${reject.reason.slice(0, LONGEST_REASON)} …` });
  }

  list(): Reject[] {
    if (this.unlisted === 0) return this.listed;
    const reason = `${this.unlisted} more rows were refused; the first ${MOST_LISTED} are listed.`;
    return [...this.listed, { row: "more", reason }];
  }
}
