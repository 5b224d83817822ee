import { AddressRefused, neverLeft, RedirectRefused } from "../net/address-guard";

/**
 * What became of a record that was sent. `accepted` says that Guardian answered, not that the policy took it. `refused` says for certain that it did
 * not get in, so that it may be sent again. `unknown` is everything else: it may be in, and a person decides.
 */
export type OutcomeKind = "accepted" | "refused" | "unknown";

export interface Verdict {
  kind: OutcomeKind;
  /** Stable, in capitals. */
  code: string;
  /** What happened, and where a person can act what to do. */
  message: string;
  /** Of a refusal: the same bytes can be taken later. */
  isRetryable: boolean;
}

/** Codes of a look-up (`getaddrinfo`) that found nothing to connect to. */
const LOOKUP = new Set(["ENOTFOUND", "EAI_AGAIN", "EAI_FAIL", "EAI_NODATA", "EAI_NONAME"]);

/** The certificate was looked at and not trusted, which is before a request is written. Alerts that come later are not among them. */
const CERTIFICATE =
  /^(CERT_|CRL_|ERR_TLS_CERT_ALTNAME_INVALID$|ERR_SSL_WRONG_VERSION_NUMBER$|DEPTH_ZERO_SELF_SIGNED_CERT$|SELF_SIGNED_CERT_IN_CHAIN$|UNABLE_TO_(GET|VERIFY|DECRYPT|DECODE)_)/;

/**
 * What an error of fetch says about the request. The question is only whether a byte of it can have left: then nothing is known, since a server may work on
 * what it read while the connection dies. undici's codes, with what each leaves open:
 *
 * - `UND_ERR_CONNECT_TIMEOUT`: no connection was made, so nothing left.
 * - `ECONNREFUSED`, `EHOSTUNREACH`, `ENETUNREACH`, `ETIMEDOUT` and others: certain only from the system call `connect`. The same codes come from `read` and
 *   `write` of a connection that has carried the request. With several addresses of one name, every attempt must have ended so.
 * - `UND_ERR_SOCKET` ("other side closed"): carries the socket's counters. None written means that the connection was lost before the request; a
 *   connection used before has counted earlier requests, which leaves this one open.
 * - `ECONNRESET`, `EPIPE`: from `read` or `write`, open.
 * - `UND_ERR_HEADERS_TIMEOUT`, `UND_ERR_BODY_TIMEOUT`, an aborted signal: the request was out, or it cannot be told whether it was.
 * - `HPE_…` (no HTTP came back), `UND_ERR_RES_…`: something answered, so something arrived.
 * - Any of these of which our fetch knows that it never wrote (`neverLeft`): TLS that was not agreed on, by alert, cut or time. Certain.
 * - `UND_ERR_DESTROYED`, `UND_ERR_CLOSED`: our own pool ended, with the request in it or before; open.
 */
export function verdictOfError(error: unknown): Verdict {
  if (error instanceof RedirectRefused) return verdictOfRedirect(error.status, error.message);
  if (error instanceof AddressRefused) return refused("ADDRESS_REFUSED", error.message, false);
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  if (cause instanceof AddressRefused) return refused("ADDRESS_REFUSED", cause.message, false);
  const { code, syscall, socket, name } = (cause ?? {}) as SystemError;
  if (code !== undefined && LOOKUP.has(code)) {
    return refused("NAME_NOT_FOUND", "Guardian's name cannot be looked up: check its address.", true);
  }
  if (code === "UND_ERR_CONNECT_TIMEOUT" || isConnectFailure(cause)) {
    return refused("NO_CONNECTION", `Guardian could not be reached (${code ?? "connect"}): nothing was sent.`, true);
  }
  if (code !== undefined && CERTIFICATE.test(code) && syscall !== "read" && syscall !== "write") {
    return refused("CERTIFICATE", `Guardian's certificate is not trusted (${code}): nothing was sent.`, false);
  }
  if (code === "UND_ERR_SOCKET" && socket?.bytesWritten === 0) {
    return refused("NOT_SENT", "The connection to Guardian was lost before anything was sent.", true);
  }
  if (neverLeft(error)) {
    const why = code ?? name ?? "no reason given";
    return refused("NO_CONNECTION", `No connection to Guardian came about (${why}): nothing was sent.`, true);
  }
  if (name === "TimeoutError" || name === "AbortError" || /_TIMEOUT$/.test(code ?? "")) {
    return unknown("TIMED_OUT", "Guardian did not answer in time. The record may have arrived.");
  }
  return unknown(
    "CUT",
    `The connection to Guardian was lost (${code ?? name ?? "unknown"}). The record may have arrived.`,
  );
}

interface SystemError {
  code?: string;
  syscall?: string;
  name?: string;
  socket?: { bytesWritten?: number };
}

/** Node tries the addresses of a name in turn and gathers how each attempt failed. */
function isConnectFailure(cause: unknown): boolean {
  if (cause instanceof AggregateError) return cause.errors.length > 0 && cause.errors.every(isConnectFailure);
  return cause instanceof Error && (cause as SystemError).syscall === "connect";
}

/**
 * What a status other than 2xx says. `server` is the header of that name.
 *
 * - 4xx: whoever answered did not take it.
 * - 503, 501, 505: refused by words. But Envoy says 503, too, when the connection behind it broke after the request was passed on.
 * - 500: Guardian failed somewhere, perhaps after the record was in. 502, 504 and the rest: a proxy does not know what became of it.
 */
export function verdictOfStatus(status: number, server: string | null): Verdict {
  if (status >= 300 && status < 400)
    return verdictOfRedirect(status, `Guardian's address answers with status ${status}.`);
  if (status === 413) {
    return refused("TOO_LARGE", "Guardian refused the record as too large (413): a smaller one is needed.", false);
  }
  if (status === 404) {
    return refused("NOT_FOUND", "There is no such route at this address (404): check Guardian's address.", false);
  }
  if (status >= 400 && status < 500) {
    const isRetryable = [408, 425, 429].includes(status);
    return refused("REJECTED", `Guardian refused the record with status ${status}.`, isRetryable);
  }
  if ([501, 505].includes(status)) {
    return refused(
      "REJECTED",
      `The server at this address does not do this (${status}): check Guardian's address.`,
      false,
    );
  }
  if (status === 503 && !/envoy/i.test(server ?? "")) {
    return refused("UNAVAILABLE", "Guardian is not available now (503).", true);
  }
  return unknown("SERVER_FAILED", `Status ${status} leaves open whether the record arrived.`);
}

/** 301, 307 and 308 mean: not here, ask there. After a 302 or 303 the request may have been done. */
function verdictOfRedirect(status: number, message: string): Verdict {
  if ([301, 307, 308].includes(status)) return refused("REDIRECTED", message, false);
  return unknown("REDIRECTED", `${message} The record may have arrived.`);
}

export function refused(code: string, message: string, isRetryable: boolean): Verdict {
  return { kind: "refused", code, message, isRetryable };
}

export function unknown(code: string, message: string): Verdict {
  return { kind: "unknown", code, message, isRetryable: false };
}
