import { RedirectRefused } from "../net/address-guard";
import { sha256Hex } from "../secrets";
import { type ExternalRoute, routeUrl } from "./routes";
import { refused, unknown, type Verdict, verdictOfError, verdictOfStatus } from "./send-failure";

/** Guardian takes about a megabyte; what is larger is refused here, before a byte leaves. */
const MAX_REQUEST_BYTES = 1_000_000;
/** The history of a long chain of blocks fits. */
const MAX_ANSWER_BYTES = 8 * 1024 * 1024;

/** More than anybody waits, and still an instant: a number of any length may stand in the header. */
const LONGEST_RETRY_AFTER_SECONDS = 1_000_000_000;

const KEPT_HEADERS = ["content-type", "date", "server", "retry-after", "location", "x-request-id"];

export interface SendInput {
  fetch: typeof globalThis.fetch;
  /** Guardian's API without `/external`. */
  guardianUrl: string;
  route: ExternalRoute;
  /** From `requestBody`: stored before it is sent. */
  body: Uint8Array;
  /** For connecting, sending and the whole answer. Below the ten seconds that connecting may take, a slow connection ends as unknown. */
  timeoutMs: number;
}

/** All that is known of one attempt, for storage. */
export interface SendResult extends Verdict {
  request: { method: "POST"; url: string; bytes: Uint8Array; sha256: string };
  /** What came back, as far as it came. */
  answer?: { status: number; headers: Record<string, string>; bytes: Uint8Array; sha256: string; isWhole: boolean };
  /** Seconds that Guardian asks to wait (`Retry-After`). */
  retryAfterSeconds?: number;
  startedAt: Date;
  durationMs: number;
}

/** The body of every route. The credential goes in as the very text that was signed and stored. */
export function requestBody(input: { credential: string; ref: string; owner: string; policyTag: string }): Uint8Array {
  const { credential, ref, owner, policyTag } = input;
  const rest = JSON.stringify({ ref, owner, policyTag }).slice(1);
  return new TextEncoder().encode(`{"document":${credential},${rest}`);
}

/**
 * Posts a record once and says what became of it. Never throws for what the network does, and never sends again by itself.
 */
export async function sendRecord(input: SendInput): Promise<SendResult> {
  const { body, timeoutMs } = input;
  const url = routeUrl(input.guardianUrl, input.route);
  const startedAt = new Date();
  const begin = performance.now();
  const request = { method: "POST" as const, url, bytes: body, sha256: sha256Hex(body) };
  const result = (verdict: Verdict, rest: Pick<SendResult, "answer" | "retryAfterSeconds"> = {}): SendResult => ({
    ...verdict,
    request,
    ...rest,
    startedAt,
    durationMs: Math.round(performance.now() - begin),
  });

  if (body.byteLength > MAX_REQUEST_BYTES) {
    const size = `${body.byteLength.toLocaleString("en")} bytes`;
    const message = `The record has ${size}; Guardian takes up to ${MAX_REQUEST_BYTES.toLocaleString("en")}. Nothing was sent.`;
    return result(refused("TOO_LARGE", message, false));
  }
  // A fetch would throw these as if the network had failed.
  if (!URL.canParse(url)) return result(refused("BAD_ADDRESS", "Guardian's address is none: nothing was sent.", false));

  let response: Response;
  const signal = AbortSignal.timeout(timeoutMs);
  try {
    response = await input.fetch(url, {
      method: "POST",
      // With its length, so that a proxy does not have to guess where it ends.
      headers: {
        "content-type": "application/json",
        accept: "application/json",
        "content-length": String(body.byteLength),
      },
      // A stream can be read once: of bytes fetch would send the request a second time by itself, after a 421.
      body: new Blob([body as Uint8Array<ArrayBuffer>]).stream(),
      duplex: "half",
      redirect: "manual",
      signal,
    } as RequestInit);
  } catch (error) {
    return result(verdictOfError(error), error instanceof RedirectRefused ? { answer: statusAlone(error.status) } : {});
  }
  const { bytes, isWhole, failure } = await readAnswer(response);
  const { status } = response;
  const headers = Object.fromEntries([...response.headers].filter(([name]) => KEPT_HEADERS.includes(name)));
  const answer = { status, headers, bytes, sha256: sha256Hex(bytes), isWhole };
  const retryAfterSeconds = secondsOf(response.headers.get("retry-after"));
  const rest = { answer, ...(retryAfterSeconds !== undefined && { retryAfterSeconds }) };
  if (!response.ok) return result(verdictOfStatus(status, response.headers.get("server")), rest);
  return result(failure ?? verdictOfAnswer(bytes, input.route), rest);
}

/** Of a redirect, which is not followed nor read. Where it points to may hold a key of somebody's: its host stands in the message. */
function statusAlone(status: number): SendResult["answer"] {
  const bytes = new Uint8Array();
  return { status, headers: {}, bytes, sha256: sha256Hex(bytes), isWhole: false };
}

/** Keeps what came before a cut. */
async function readAnswer(response: Response): Promise<{ bytes: Uint8Array; isWhole: boolean; failure?: Verdict }> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
      chunks.push(chunk);
      size += chunk.byteLength;
      if (size <= MAX_ANSWER_BYTES) continue;
      const message = "The answer is longer than any that Guardian gives. The record may have arrived.";
      return { bytes: Buffer.concat(chunks), isWhole: false, failure: unknown("ANSWER_UNREADABLE", message) };
    }
  } catch (error) {
    const { code } = verdictOfError(error);
    const why = code === "TIMED_OUT" ? "did not end in time" : "was cut off";
    const message = `Guardian took the request, but its answer ${why}. The record may have arrived.`;
    return { bytes: Buffer.concat(chunks), isWhole: false, failure: unknown("ANSWER_UNREADABLE", message) };
  }
  return { bytes: Buffer.concat(chunks), isWhole: true };
}

/** Guardian answers `true`, or an object from `sync-events`. Anything else with a 2xx came from something in between, such as a sign-in page. */
function verdictOfAnswer(bytes: Uint8Array, route: ExternalRoute): Verdict {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    value = undefined;
  }
  const isExpected = route.syncEvents ? typeof value === "object" && value !== null : value === true;
  if (isExpected) {
    return {
      kind: "accepted",
      code: "ANSWERED",
      message: "Guardian took the request. It does not say whether the policy took the record.",
      isRetryable: false,
    };
  }
  return unknown(
    "ANSWER_UNREADABLE",
    "The answer is not Guardian's: it may come from a proxy. The record may have arrived.",
  );
}

/** Seconds, or until an instant; undefined where there is no such header. */
function secondsOf(retryAfter: string | null): number | undefined {
  if (retryAfter === null) return undefined;
  if (/^\d+$/.test(retryAfter.trim())) return Math.min(Number(retryAfter), LONGEST_RETRY_AFTER_SECONDS);
  const at = Date.parse(retryAfter);
  return Number.isNaN(at) ? undefined : Math.max(0, Math.ceil((at - Date.now()) / 1000));
}
