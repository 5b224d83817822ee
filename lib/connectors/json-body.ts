import { asciiText, isAscii } from "./ascii";
import { SourceError } from "./source-error";

/** Content type of an answer without a body (204): parsed as "nothing there", unlike an empty body that came with 200. */
export const NO_CONTENT_TYPE = "application/x-empty";

const PAGE = /<(!doctype html|html|head|body)\b/i;

/**
 * JSON of a whole body. Throws SourceError `EMPTY_BODY`, `HTML_PAGE`, `CUT_BODY` or `NOT_JSON`; `isRetryable` is the
 * caller's, because a fresh call may bring a better body while archived bytes stay what they are.
 */
export function parseJson(bytes: Uint8Array, name: string, isRetryable: boolean): unknown {
  const text = decode(bytes, name, isRetryable).trim();
  if (text === "") {
    throw new SourceError("EMPTY_BODY", `${name} is empty where JSON was expected.`, { isRetryable });
  }
  if (text.startsWith("<") && !PAGE.test(text.slice(0, 1_000))) {
    throw new SourceError("NOT_JSON", `${name} is XML, not JSON.`, { isRetryable });
  }
  if (text.startsWith("<")) {
    throw new SourceError(
      "HTML_PAGE",
      `${name} is a web page, not JSON: something in between (a sign-in page, a proxy) answered. Check the address and the key.`,
      { isRetryable },
    );
  }
  try {
    return JSON.parse(text);
  } catch (cause) {
    const isCut = /^[[{]/.test(text) && !/[\]}]$/.test(text);
    throw isCut
      ? new SourceError("CUT_BODY", `${name} ends in the middle of its JSON: the answer was cut off.`, {
          isRetryable,
          cause,
        })
      : new SourceError("NOT_JSON", `${name} is no valid JSON.`, { isRetryable, cause });
  }
}

function decode(bytes: Uint8Array, name: string, isRetryable: boolean): string {
  if (isAscii(bytes)) return asciiText(bytes);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new SourceError("NOT_TEXT", `${name} is no UTF-8 text, so it is no JSON.`, { isRetryable, cause });
  }
}
