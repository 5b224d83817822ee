import { z } from "zod";
import { SourceError, vendorAnswer } from "../source-error";
import { pauseAfterReset } from "./daily-calls";

const errorBody = z.object({
  response_status: z.object({ error_code: z.string().optional(), message: z.string().nullish() }),
});

/** Busy answers come in bursts of a minute or so. */
const BUSY_PAUSE_SECONDS = 90;

/**
 * An answer that is not 2xx, as a SourceError a person can act on. Codes: BAD_REQUEST, KEY_REFUSED, SITE_OR_KEY_UNKNOWN,
 * TOO_MANY_PER_DAY, PLATFORM_BUSY, REDIRECTED, VENDOR_FAILED, UNEXPECTED_STATUS.
 */
export function answerError(url: string, response: Response, body: string, key: string, now: Date): SourceError {
  const answer = vendorAnswer("GET", url, response, body);
  const { vendorCode, said } = readErrorBody(body);
  const { status } = response;
  const final = (code: string, message: string) =>
    new SourceError(code, message + said, { isRetryable: false, answer });

  if (status === 400) return final("BAD_REQUEST", "Solcast did not understand the request (400).");
  if (status === 401 || status === 403) {
    return final("KEY_REFUSED", `Solcast refused the API key (${status}). Enter a valid key.`);
  }
  if (status === 404) {
    return final(
      "SITE_OR_KEY_UNKNOWN",
      "Solcast has no such rooftop site for this key (404); it answers a wrong key like that, too. Check the resource id and the key.",
    );
  }
  if (status === 429 && vendorCode === "TooManyRequests") {
    const reset = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate() + 1));
    return new SourceError(
      "TOO_MANY_PER_DAY",
      `The key's calls of the day are spent. Collection goes on after the reset at ${reset.toISOString()}.${said}`,
      {
        isRetryable: true,
        retryAt: new Date(reset.getTime() + pauseAfterReset(key) * 1000),
        waitReason: "quota",
        answer,
      },
    );
  }
  if (status === 429) {
    return new SourceError("PLATFORM_BUSY", `Solcast is too busy for everyone (429 without a spent quota).${said}`, {
      isRetryable: true,
      retryAt: new Date(now.getTime() + BUSY_PAUSE_SECONDS * 1000),
      answer,
    });
  }
  if (status >= 500) {
    return new SourceError("VENDOR_FAILED", `Solcast failed to answer (${status}), an error of its own.${said}`, {
      isRetryable: true,
      answer,
    });
  }
  if (status >= 300 && status < 400) {
    return final("REDIRECTED", `The address answered with a redirection (${status}). Check SOLCAST_BASE_URL.`);
  }
  return final("UNEXPECTED_STATUS", `Solcast answered with the unexpected status ${status}.`);
}

function readErrorBody(body: string): { vendorCode?: string; said: string } {
  try {
    const { error_code: vendorCode, message } = errorBody.parse(JSON.parse(body)).response_status;
    return { vendorCode, said: message ? ` Its words: ${message.slice(0, 300)}` : "" };
  } catch {
    // Busy answers have an empty body or one in another shape; its beginning is on the task in any case.
    return { said: "" };
  }
}
