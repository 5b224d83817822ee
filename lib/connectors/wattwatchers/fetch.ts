import type { Answer, FetchContext, Range } from "../contract";
import { NO_CONTENT_TYPE } from "../json-body";
import { SourceError, vendorAnswer, withoutSecrets } from "../source-error";
import { answerError } from "./answer-errors";
import { readRows } from "./rows";
import type { WattwatchersSettings } from "./settings";

type Context = FetchContext<WattwatchersSettings, string>;

/** The vendor's largest range of five-minute long energy; a longer one is a 422. */
const MAX_RANGE_SECONDS = 7 * 86_400;
const INTERVAL_SECONDS = 300;

/**
 * Five-minute long energy in kWh, bytes as received. A range of seven civil days can be an hour longer than the
 * vendor's seven days when clocks change, so it is asked in pieces where needed. A body that is not what it says
 * (a page, half an answer) is thrown here and never becomes an archived object.
 */
export async function* fetchLongEnergy(context: Context, range: Range): AsyncIterable<Answer> {
  const end = toSeconds(range.to);
  for (let from = toSeconds(range.from); from < end; from += MAX_RANGE_SECONDS) {
    const to = Math.min(from + MAX_RANGE_SECONDS, end);
    const url = longEnergyUrl(context, from, to);
    const { response, bytes } = await ask(context, url);
    const contentType =
      response.status === 204 ? NO_CONTENT_TYPE : (response.headers.get("content-type") ?? "application/json");
    if (response.status !== 204) assertEnergy(url, response, bytes);
    yield {
      range: { from: new Date(from * 1000), to: new Date(to * 1000) },
      bytes,
      contentType,
      origin: withoutSecrets(url),
    };
  }
}

/**
 * The vendor's stamps are interval ENDS and its range is `[fromTs, toTs)`. Readings that START in `[from, to)` carry
 * stamps in `(from, to]`, so both bounds move by one interval.
 */
function longEnergyUrl(context: Context, from: number, to: number): string {
  const query = new URLSearchParams({
    fromTs: String(from + INTERVAL_SECONDS),
    toTs: String(to + INTERVAL_SECONDS),
    granularity: "5m",
    "convert[energy]": "kWh",
  });
  return `${context.baseUrl}/long-energy/${encodeURIComponent(context.dataSource)}?${query}`;
}

/** One call. Returns 2xx answers with their bytes; everything else is a SourceError. */
export async function ask(context: Context, url: string): Promise<{ response: Response; bytes: Uint8Array }> {
  const response = await context.fetch(url, {
    headers: { authorization: `Bearer ${context.credentials}`, accept: "application/json" },
    // A redirection would take the key somewhere else.
    redirect: "manual",
  });
  const bytes = new Uint8Array(await response.arrayBuffer());
  if (!response.ok) throw answerError(url, response, new TextDecoder().decode(bytes), context.now());
  return { response, bytes };
}

/** A whole body is read again when it is parsed, and in a backfill that is most of the work: what looks right is believed here. */
function assertEnergy(url: string, response: Response, bytes: Uint8Array): void {
  if (looksLikeRows(bytes)) return;
  withAnswer(url, response, bytes, () => readRows(bytes, "The answer of Wattwatchers", true));
}

/** A list that opens with a row that has a timestamp and is closed. */
function looksLikeRows(bytes: Uint8Array): boolean {
  const decoder = new TextDecoder();
  const head = decoder.decode(bytes.subarray(0, 2_000));
  const tail = decoder.decode(bytes.subarray(-10));
  return /^\s*\[\s*\{/.test(head) && /"timestamp"\s*:\s*\d/.test(head) && /\}\s*\]\s*$/.test(tail);
}

/** Adds what was asked and answered to an error about the body. */
export function withAnswer<Result>(url: string, response: Response, bytes: Uint8Array, read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    throw new SourceError(error.code, error.message, {
      isRetryable: error.isRetryable,
      answer: vendorAnswer("GET", url, response, new TextDecoder().decode(bytes.subarray(0, 8_000))),
      cause: error.cause,
    });
  }
}

function toSeconds(instant: Date): number {
  return Math.floor(instant.getTime() / 1000);
}
