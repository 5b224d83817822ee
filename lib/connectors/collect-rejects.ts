import type { Reject } from "./contract";

/** More than a person reads; a file of nothing but bad rows must not fill the memory. */
const MOST_LISTED = 5_000;

/** Rejects of one parse: the first are listed, the rest counted. */
export class Rejects {
  private readonly listed: Reject[] = [];
  private unlisted = 0;

  add(reject: Reject): void {
    if (this.listed.length < MOST_LISTED) this.listed.push(reject);
    else this.unlisted += 1;
  }

  list(): Reject[] {
    if (this.unlisted === 0) return this.listed;
    const reason = `${this.unlisted} more rows were refused; the first ${MOST_LISTED} are listed.`;
    return [...this.listed, { row: "more", reason }];
  }
}
