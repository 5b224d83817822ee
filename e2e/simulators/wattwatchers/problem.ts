/** An answer other than 200, in the vendor's words. */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
  ) {
    super(message);
  }

  /** The body's `httpCode` repeats the status here; the vendor's own may differ from it. */
  get body() {
    return { code: this.code, httpCode: this.status, message: this.message };
  }
}
