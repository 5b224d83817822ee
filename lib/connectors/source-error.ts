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

  /** The same error with every text that a person may see passed through `clean`. */
  rewritten(clean: (text: string) => string): SourceError {
    const { request, status, headers, body } = this.answer ?? { request: "" };
    const shown = Object.entries(headers ?? {}).map(([name, value]) => [name, clean(value)]);
    return new SourceError(this.code, clean(this.message), {
      isRetryable: this.isRetryable,
      retryAt: this.retryAt,
      waitReason: this.waitReason,
      answer: this.answer && {
        request: clean(request),
        ...(status !== undefined && { status }),
        ...(headers && { headers: Object.fromEntries(shown) }),
        ...(body !== undefined && { body: clean(body) }),
      },
      cause: this.cause,
    });
  }
}

const MAX_BODY_CHARS = 2_000;
const SHOWN_HEADERS = /^(content-type|date|retry-after|location|x-request-id|x-ratelimit-.*)$/i;
const SECRET_PARAMETER = /key|token|secret|signature|password|credential/i;

/** What may be shown of an exchange: the URL without secrets, the headers that explain an answer, the body's beginning. */
export function vendorAnswer(method: string, url: string, response?: Response, body?: string): VendorAnswer {
  const answer: VendorAnswer = { request: `${method} ${withoutSecrets(url)}` };
  if (response) {
    answer.status = response.status;
    const shown = [...response.headers].filter(([name]) => SHOWN_HEADERS.test(name));
    answer.headers = Object.fromEntries(
      shown.map(([name, value]) => [name, name === "location" ? withoutSecrets(value) : value]),
    );
  }
  if (body !== undefined) answer.body = body.slice(0, MAX_BODY_CHARS);
  return answer;
}

/** The URL without user, password and the values of parameters that are named like secrets. */
export function withoutSecrets(url: string): string {
  if (!URL.canParse(url)) return url.split("?", 1)[0] ?? "";
  const parsed = new URL(url);
  parsed.username = "";
  parsed.password = "";
  for (const name of [...parsed.searchParams.keys()]) {
    if (SECRET_PARAMETER.test(name)) parsed.searchParams.set(name, "removed");
  }
  return parsed.toString();
}
