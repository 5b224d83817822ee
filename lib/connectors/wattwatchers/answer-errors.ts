import { z } from "zod";
import { SourceError, vendorAnswer } from "../source-error";
import { resetAfter } from "./rate-limits";

const errorBody = z.object({ code: z.string().optional(), message: z.string().optional() });

/** Pause when the vendor says "too many" without a word on when: the whole platform is busy. */
const PLATFORM_PAUSE_SECONDS = 60;

/**
 * An answer that is not 2xx, as a SourceError a person can act on. The HTTP status decides: the body's `httpCode` may
 * differ from it. Codes: BAD_REQUEST, KEY_REFUSED, NOT_PERMITTED, NOT_FOUND, UNPROCESSABLE, TOO_MANY_PER_SECOND,
 * TOO_MANY_PER_DAY, PLATFORM_BUSY, REDIRECTED, VENDOR_FAILED, UNEXPECTED_STATUS.
 */
export function answerError(url: string, response: Response, body: string, now: Date): SourceError {
  const answer = vendorAnswer("GET", url, response, body);
  const { code: vendorCode, said } = readErrorBody(body);
  const { status } = response;
  const final = (code: string, message: string) =>
    new SourceError(code, message + said, { isRetryable: false, answer });
  const passing = (code: string, message: string, retryAt?: Date) =>
    new SourceError(code, message + said, { isRetryable: true, retryAt, answer });

  if (status === 400) return final("BAD_REQUEST", "Wattwatchers did not understand the request (400).");
  if (status === 401) {
    return final(
      "KEY_REFUSED",
      "Wattwatchers refused the API key: it is missing or disabled (401). Enter a valid key.",
    );
  }
  if (status === 403) {
    return final(
      "NOT_PERMITTED",
      "Wattwatchers does not know this API key or does not permit this call (403). Check the key.",
    );
  }
  if (status === 404) {
    return final(
      "NOT_FOUND",
      "Wattwatchers has no such device for this key (404): check the device id, and that the device belongs to the key's account.",
    );
  }
  if (status === 422)
    return final("UNPROCESSABLE", "Wattwatchers refused the range or the options of the request (422).");
  if (status === 429) return tooMany(response.headers, vendorCode, said, now, answer);
  if (status >= 500) {
    return passing(
      "VENDOR_FAILED",
      `Wattwatchers failed to answer (${status}), an error of its own.`,
      retryAfter(response.headers, now),
    );
  }
  if (status >= 300 && status < 400) {
    return final("REDIRECTED", `The address answered with a redirection (${status}). Check WATTWATCHERS_BASE_URL.`);
  }
  return final("UNEXPECTED_STATUS", `Wattwatchers answered with the unexpected status ${status}.`);
}

/** A spent day waits for its reset; a spent second is tried again at once; without a word of when, everyone steps back. */
function tooMany(
  headers: Headers,
  vendorCode: string | undefined,
  said: string,
  now: Date,
  answer: ReturnType<typeof vendorAnswer>,
): SourceError {
  const after = retryAfter(headers, now);
  const isDaySpent =
    vendorCode === "TOO_MANY_REQUESTS_TPD" || (vendorCode !== "TOO_MANY_REQUESTS_TPS" && isSpent(headers, "Tpd"));
  if (isDaySpent) {
    const reset = latest(after, resetAfter(headers.get("x-ratelimit-tpdreset"), now)) ?? nextUtcMidnight(now);
    return new SourceError(
      "TOO_MANY_PER_DAY",
      `The key's calls of the day are spent. Collection goes on after the reset at ${reset.toISOString()}.${said}`,
      { isRetryable: true, retryAt: reset, waitReason: "quota", answer },
    );
  }
  const hasLimits = after !== undefined || headers.has("x-ratelimit-tpsreset") || headers.has("x-ratelimit-tpslimit");
  if (hasLimits) {
    const second = new Date(now.getTime() + 1000);
    const retryAt = latest(after, resetAfter(headers.get("x-ratelimit-tpsreset"), now)) ?? second;
    return new SourceError("TOO_MANY_PER_SECOND", `Too many calls in one second.${said}`, {
      isRetryable: true,
      retryAt,
      answer,
    });
  }
  return new SourceError("PLATFORM_BUSY", `Wattwatchers is too busy for everyone (429 without limits).${said}`, {
    isRetryable: true,
    retryAt: new Date(now.getTime() + PLATFORM_PAUSE_SECONDS * 1000),
    answer,
  });
}

function isSpent(headers: Headers, window: "Tps" | "Tpd"): boolean {
  return headers.get(`x-ratelimit-${window}remaining`)?.trim() === "0";
}

/** `Retry-After` in seconds or as a date. */
function retryAfter(headers: Headers, now: Date): Date | undefined {
  const value = headers.get("retry-after")?.trim();
  if (!value) return undefined;
  if (/^\d+(\.\d+)?$/.test(value)) return resetAfter(value, now);
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : new Date(date);
}

function latest(...dates: (Date | undefined)[]): Date | undefined {
  const known = dates.filter((date) => date !== undefined).map((date) => date.getTime());
  return known.length === 0 ? undefined : new Date(Math.max(...known));
}

/** The vendor resets the day's count at 00:00 UTC. */
function nextUtcMidnight(now: Date): Date {
  return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate() + 1));
}

function readErrorBody(body: string): { code?: string; said: string } {
  try {
    const { code, message } = errorBody.parse(JSON.parse(body));
    return { code, said: message ? ` Its words: ${message.slice(0, 300)}` : "" };
  } catch {
    // An error page need not be JSON; the body's beginning is on the task in any case.
    return { said: "" };
  }
}
