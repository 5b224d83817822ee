/**
 * What kind of failure an error of the S3 client is. The archive and the S3 source give each kind their own sentence.
 * Texts of services are not looked at: only codes and statuses.
 */
export type S3FailureKind =
  | "no-such-bucket"
  | "no-such-object"
  | "bad-bucket-name"
  | "access-denied"
  | "wrong-region"
  | "expired-token"
  | "bad-token"
  | "unknown-access-key"
  | "wrong-secret"
  | "clock-skew"
  | "no-credentials"
  | "precondition-failed"
  | "conflict"
  | "busy"
  | "server-error"
  | "not-implemented"
  | "frozen"
  | "checksum"
  | "not-s3"
  | "unreachable"
  | "timed-out"
  | "cut"
  | "tls"
  | "disk"
  | "address-refused"
  | "other";

export interface S3Failure {
  kind: S3FailureKind;
  /** The service's or the system's code, such as `NoSuchBucket` or `ECONNREFUSED`. */
  code: string;
  status?: number;
  /** Where the bucket is, if the service told it. */
  region?: string;
  retryAfterSeconds?: number;
}

const kinds: Record<string, S3FailureKind> = {
  NoSuchBucket: "no-such-bucket",
  NoSuchKey: "no-such-object",
  InvalidBucketName: "bad-bucket-name",
  AccessDenied: "access-denied",
  AllAccessDisabled: "access-denied",
  AccountProblem: "access-denied",
  Forbidden: "access-denied",
  AuthorizationHeaderMalformed: "wrong-region",
  PermanentRedirect: "wrong-region",
  TemporaryRedirect: "wrong-region",
  IllegalLocationConstraintException: "wrong-region",
  ExpiredToken: "expired-token",
  ExpiredTokenException: "expired-token",
  TokenRefreshRequired: "expired-token",
  InvalidToken: "bad-token",
  InvalidAccessKeyId: "unknown-access-key",
  SignatureDoesNotMatch: "wrong-secret",
  RequestTimeTooSkewed: "clock-skew",
  RequestExpired: "clock-skew",
  CredentialsProviderError: "no-credentials",
  PreconditionFailed: "precondition-failed",
  ConditionalRequestConflict: "conflict",
  OperationAborted: "conflict",
  SlowDown: "busy",
  TooManyRequests: "busy",
  ServiceUnavailable: "busy",
  InternalError: "server-error",
  NotImplemented: "not-implemented",
  InvalidObjectState: "frozen",
  BadDigest: "checksum",
  XAmzContentSHA256Mismatch: "checksum",
  XAmzContentChecksumMismatch: "checksum",
  ENOTFOUND: "unreachable",
  EAI_AGAIN: "unreachable",
  ECONNREFUSED: "unreachable",
  EHOSTUNREACH: "unreachable",
  ENETUNREACH: "unreachable",
  EADDRNOTAVAIL: "unreachable",
  ECONNRESET: "cut",
  EPIPE: "cut",
  ERR_STREAM_PREMATURE_CLOSE: "cut",
  ETIMEDOUT: "timed-out",
  TimeoutError: "timed-out",
  RequestTimeout: "timed-out",
  ENOSPC: "disk",
  EDQUOT: "disk",
  EPROTO: "tls",
  AddressRefused: "address-refused",
};

const statuses: Record<number, S3FailureKind> = {
  301: "wrong-region",
  307: "wrong-region",
  403: "access-denied",
  // S3 names what is missing, except in answers to HEAD.
  404: "not-s3",
  409: "conflict",
  412: "precondition-failed",
  429: "busy",
  501: "not-implemented",
  503: "busy",
};

/** The fields that errors of the SDK and of Node carry, none of them certain. */
interface ErrorLike {
  name?: string;
  code?: string;
  Code?: string;
  Region?: string;
  cause?: unknown;
  errors?: unknown[];
  $metadata?: { httpStatusCode?: number };
  $response?: { statusCode?: number; headers?: Record<string, string> };
}

export function s3Failure(error: unknown): S3Failure {
  const found = (typeof error === "object" && error !== null ? error : {}) as ErrorLike;
  const status = found.$response?.statusCode ?? found.$metadata?.httpStatusCode;
  const headers = found.$response?.headers ?? {};
  const [code, kind] = kindOf(found, status);
  const retryAfter = Number(headers["retry-after"]);
  return {
    kind,
    code,
    status,
    region: found.Region ?? headers["x-amz-bucket-region"],
    retryAfterSeconds: Number.isFinite(retryAfter) && retryAfter > 0 ? retryAfter : undefined,
  };
}

function kindOf(error: ErrorLike, status: number | undefined): [code: string, kind: S3FailureKind] {
  const codes = codesOf(error);
  for (const code of codes) {
    const kind = kinds[code] ?? (isTlsCode(code) ? "tls" : undefined);
    if (kind) return [code, kind];
  }
  const code = codes[0] ?? "unknown";
  // An answer the client could not read as S3's: a proxy's page, a web server that is no S3.
  if (error.$response && codes[0] === "Error" && (status ?? 0) < 500) {
    return [`HTTP ${status}`, "not-s3"];
  }
  if (status === undefined) return [code, "other"];
  return [code, statuses[status] ?? (status >= 500 ? "server-error" : "other")];
}

/** Most exact first: codes of the service, of the system, of what caused it. */
function codesOf(error: ErrorLike): string[] {
  const inner = [error.cause, error.errors?.[0]].filter((each) => typeof each === "object" && each !== null);
  return [error.Code, error.code, error.name, ...inner.flatMap((each) => codesOf(each as ErrorLike))].filter(
    (each): each is string => typeof each === "string",
  );
}

function isTlsCode(code: string): boolean {
  return code.startsWith("ERR_TLS_") || code.startsWith("ERR_SSL_") || code.includes("CERT") || code.includes("SIGNED");
}
