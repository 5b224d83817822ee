const REASONS: Record<string, string> = {
  ECONNREFUSED: "nothing listens at that address (connection refused)",
  ECONNRESET: "the connection was closed before an answer came",
  UND_ERR_SOCKET: "the connection was closed before an answer came",
  ENOTFOUND: "the host name is unknown",
  EAI_AGAIN: "the host name could not be looked up for now",
  EHOSTUNREACH: "there is no route to it",
  ENETUNREACH: "there is no network",
  ETIMEDOUT: "the connection timed out",
  UND_ERR_CONNECT_TIMEOUT: "the connection timed out",
  CERT_HAS_EXPIRED: "its certificate has expired",
  DEPTH_ZERO_SELF_SIGNED_CERT: "its certificate is self-signed",
  ERR_TLS_CERT_ALTNAME_INVALID: "its certificate is for another name",
};

/** By code, never by the error's own text: that may repeat the request. */
export function reasonOf(error: unknown): string {
  for (const cause of causesOf(error)) {
    const code = cause instanceof Error && "code" in cause ? String(cause.code) : undefined;
    if (code) return REASONS[code] ?? code;
  }
  return "the connection failed";
}

/** An error and what is behind it, outermost first; the parts of an AggregateError count as causes. */
export function causesOf(error: unknown): unknown[] {
  const causes: unknown[] = [];
  for (let next: unknown = error; next && !causes.includes(next) && causes.length < 10; ) {
    causes.push(next);
    if (next instanceof AggregateError) causes.push(...next.errors);
    next = next instanceof Error ? next.cause : undefined;
  }
  return causes;
}
