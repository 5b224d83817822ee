/** What was asked and answered, with secrets removed; shown on the task. */
export interface VendorAnswer {
  request: string;
  status?: number;
  headers?: Record<string, string>;
  /** First 2,000 characters. */
  body?: string;
}

/**
 * A source did not give what was asked. `code` is stable and in capitals (`NOT_FOUND`, `QUOTA_SPENT`), the message says
 * what a person can do. `isRetryable` says whether the same call can succeed later by itself.
 */
export class SourceError extends Error {
  readonly code: string;
  readonly isRetryable: boolean;
  /** Not before this instant (a vendor's Retry-After, a quota's reset). */
  readonly retryAt?: Date;
  /** `quota` waits for the reset without spending a retry; `data` waits for the vendor to have it. */
  readonly waitReason: "retry" | "quota" | "data";
  readonly answer?: VendorAnswer;

  constructor(
    code: string,
    message: string,
    options: {
      isRetryable: boolean;
      retryAt?: Date;
      waitReason?: "retry" | "quota" | "data";
      answer?: VendorAnswer;
      cause?: unknown;
    },
  ) {
    super(message, { cause: options.cause });
    this.name = "SourceError";
    this.code = code;
    this.isRetryable = options.isRetryable;
    this.retryAt = options.retryAt;
    this.waitReason = options.waitReason ?? "retry";
    this.answer = options.answer;
  }
}
