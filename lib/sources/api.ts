import { SourceError, vendorAnswer, withoutSecrets } from "../connectors/source-error";
import { AppError } from "../errors";
import { causesOf, reasonOf } from "./network-reason";

export interface ApiFetchOptions {
  /** Refuses forbidden addresses; `globalThis.fetch` in tests. */
  fetch: typeof fetch;
  /** Takes one call from the account's limits before it is made; throws SourceError (`waitReason` quota) when spent. */
  takeQuota(): Promise<void>;
  /** For the whole exchange, body included. */
  timeoutMs: number;
  /** Of the unpacked body. */
  maxBytes: number;
  /** Sees the headers of every answer, good or bad, so that limits can be learnt from them. */
  onHeaders?(headers: Headers): void | Promise<void>;
}

/** Headers that describe the body as it was on the wire, not as it is in memory. */
const WIRE_HEADERS = ["content-encoding", "content-length", "transfer-encoding"];

/**
 * The `fetch` handed to connectors. The answer's body is already read when it returns. Failures of the network are
 * SourceErrors: `TIMED_OUT`, `UNREACHABLE` and `CUT_OFF` can heal by themselves, `ANSWER_TOO_LARGE` cannot. Errors of
 * the address guard and of the quota pass unchanged; so does the reason of a caller that aborts.
 */
export function createApiFetch(options: ApiFetchOptions): typeof fetch {
  return async (input, init) => {
    const request = describeCall(input, init);
    await options.takeQuota();
    const timer = AbortSignal.timeout(options.timeoutMs);
    const callers = init?.signal ?? (input instanceof Request ? input.signal : undefined);
    const signal = callers ? AbortSignal.any([callers, timer]) : timer;
    let response: Response | undefined;
    let body: Uint8Array;
    try {
      response = await options.fetch(input, { ...init, signal });
      body = await readBody(response, options.maxBytes, request);
    } catch (error) {
      if (callers?.aborted) throw callers.reason;
      throw asSourceError(error, { request, response, isTimedOut: timer.aborted, timeoutMs: options.timeoutMs });
    }
    await options.onHeaders?.(response.headers);
    return rebuilt(response, body);
  };
}

interface Described {
  method: string;
  url: string;
  host: string;
}

function describeCall(input: Parameters<typeof fetch>[0], init: RequestInit | undefined): Described {
  const url = input instanceof Request ? input.url : String(input);
  const method = init?.method ?? (input instanceof Request ? input.method : "GET");
  return { method, url, host: URL.canParse(url) ? new URL(url).host : withoutSecrets(url) };
}

async function readBody(response: Response, maxBytes: number, request: Described): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    size += chunk.length;
    // Leaving the loop cancels the rest of the body.
    if (size > maxBytes) {
      throw new SourceError(
        "ANSWER_TOO_LARGE",
        `${request.host} answered with more than ${maxBytes} bytes. Ask for a shorter interval.`,
        { isRetryable: false, answer: vendorAnswer(request.method, request.url, response) },
      );
    }
    chunks.push(chunk);
  }
  const [only] = chunks;
  return only && chunks.length === 1 ? only : Buffer.concat(chunks, size);
}

function rebuilt(response: Response, body: Uint8Array): Response {
  const headers = new Headers(response.headers);
  for (const name of WIRE_HEADERS) headers.delete(name);
  const { status, statusText } = response;
  const mayHaveBody = status !== 204 && status !== 205 && status !== 304;
  return new Response(mayHaveBody ? streamOf(body) : null, { status, statusText, headers });
}

/** A Response made from bytes copies them, and copies them again when they are read; one made from a stream only then. */
function streamOf(body: Uint8Array): ReadableStream<Uint8Array> {
  return new ReadableStream({
    pull(controller) {
      if (body.length > 0) controller.enqueue(body);
      controller.close();
    },
  });
}

function asSourceError(
  error: unknown,
  call: { request: Described; response: Response | undefined; isTimedOut: boolean; timeoutMs: number },
): unknown {
  const { request, response } = call;
  const known = causesOf(error).find((cause) => cause instanceof SourceError || cause instanceof AppError);
  if (known) return known;
  const options = { isRetryable: true, answer: vendorAnswer(request.method, request.url, response), cause: error };
  if (call.isTimedOut) {
    const what = response ? "did not finish its answer" : "did not answer";
    return new SourceError("TIMED_OUT", `${request.host} ${what} within ${call.timeoutMs / 1000} seconds.`, options);
  }
  const reason = reasonOf(error);
  if (response) {
    return new SourceError("CUT_OFF", `${request.host} broke off in the middle of its answer (${reason}).`, options);
  }
  return new SourceError("UNREACHABLE", `${request.host} cannot be reached: ${reason}.`, options);
}
