import { AddressRefused } from "../../net/address-guard";
import { causesOf, reasonOf } from "../../sources/network-reason";
import type { AttemptResult } from "./attempt-result";

const TIMEOUT = 10_000;
const MOST_BYTES = 2_000;

/** Nothing of ours can have arrived: the connection was never there. */
const BEFORE_SENDING = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "UND_ERR_CONNECT_TIMEOUT",
  "CERT_HAS_EXPIRED",
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
  "ERR_TLS_CERT_ALTNAME_INVALID",
]);

/** Posts JSON once and tells how it went; never throws. `guardedFetch` follows no redirect and refuses private addresses. */
export async function post(
  guardedFetch: typeof fetch,
  request: { url: string; headers: Record<string, string>; body: string; now: Date; timeoutMs?: number },
): Promise<AttemptResult> {
  const { url, now, timeoutMs = TIMEOUT } = request;
  const host = new URL(url).host;
  let response: Response;
  try {
    response = await guardedFetch(url, {
      method: "POST",
      headers: { "content-type": "application/json", "user-agent": "Meterproof", ...request.headers },
      body: request.body,
      signal: AbortSignal.timeout(timeoutMs),
    });
  } catch (error) {
    return resultOf(error, host, timeoutMs);
  }
  const answer = await beginningOf(response);
  const { status } = response;
  if (response.ok) return { outcome: "delivered", status, message: `${host} took it.`, answer };
  // Gone for good, says the receiver.
  const isFinal = status === 410;
  const retryAt = retryAfterOf(response.headers, now);
  return { outcome: "refused", status, message: `${host} answered ${status}.`, answer, isFinal, retryAt };
}

function resultOf(error: unknown, host: string, timeoutMs: number): AttemptResult {
  const causes = causesOf(error);
  const refusal = causes.find((cause) => cause instanceof AddressRefused);
  if (refusal) return { outcome: "unreachable", message: refusal.message, isFinal: true };
  if (causes.some((cause) => cause instanceof Error && cause.name === "TimeoutError")) {
    const seconds = timeoutMs / 1000;
    return { outcome: "unknown", message: `${host} did not answer within ${seconds} seconds: it may have arrived.` };
  }
  const isBefore = causes.some(
    (cause) => cause instanceof Error && "code" in cause && BEFORE_SENDING.has(String(cause.code)),
  );
  const reason = reasonOf(error);
  return isBefore
    ? { outcome: "unreachable", message: `${host} cannot be reached: ${reason}.` }
    : { outcome: "unknown", message: `${host} gave no answer, ${reason}: it may have arrived.` };
}

/** The answer has its status already: a body that is long, hangs or breaks off changes nothing. */
async function beginningOf(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
      chunks.push(chunk);
      size += chunk.length;
      if (size >= MOST_BYTES) break;
    }
  } catch {
    // What came until then is shown.
  }
  return Buffer.concat(chunks).subarray(0, MOST_BYTES).toString("utf8");
}

function retryAfterOf(headers: Headers, now: Date): Date | undefined {
  const value = headers.get("retry-after")?.trim();
  if (!value) return undefined;
  const at = /^\d+$/.test(value) ? now.getTime() + Number(value) * 1000 : Date.parse(value);
  return Number.isFinite(at) && at > now.getTime() ? new Date(at) : undefined;
}
