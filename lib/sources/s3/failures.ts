import { SourceError } from "../../connectors/source-error";
import { AddressRefused } from "../../net/address-guard";
import { type S3FailureKind, s3Failure } from "../../net/s3-failure";

export interface S3Call {
  bucket: string;
  host: string;
  /** Operation and key, such as `GetObject exports/day.csv`. */
  request: string;
}

interface Told {
  code: string;
  isRetryable: boolean;
  /** Completes "The bucket <name> at <host> …". */
  sentence: string;
}

const told: Record<S3FailureKind, Told> = {
  "no-such-bucket": fails("NO_SUCH_BUCKET", "does not exist: correct the meter's data source or the endpoint."),
  "bad-bucket-name": fails("BAD_BUCKET_NAME", "has a name that S3 does not allow: correct the meter's data source."),
  "access-denied": fails(
    "ACCESS_DENIED",
    "denies access: give the access key s3:ListBucket on the bucket and s3:GetObject on its objects.",
  ),
  "wrong-region": fails("WRONG_REGION", "is in another region: correct the region in the meter's credentials."),
  "expired-token": fails("EXPIRED_TOKEN", "refuses the session token, which has expired: enter new credentials."),
  "bad-token": fails(
    "BAD_TOKEN",
    "refuses the session token: enter the credentials again, with the token that belongs to them.",
  ),
  "unknown-access-key": fails(
    "INVALID_ACCESS_KEY",
    "does not know the access key: correct the meter's credentials. A temporary key (ASIA…) needs its session token, too.",
  ),
  "wrong-secret": fails(
    "WRONG_SECRET",
    "refuses the signature: correct the secret access key in the meter's credentials.",
  ),
  "no-credentials": fails("NO_CREDENTIALS", "needs credentials: enter them at the meter."),
  "address-refused": fails("ADDRESS_REFUSED", "is at an address that must not be reached."),
  tls: fails("TLS_FAILED", "cannot be trusted: its certificate or encryption is not accepted. Correct the endpoint."),
  "not-implemented": fails("NOT_S3", "does not offer what is needed: the endpoint must speak the S3 API."),
  frozen: fails("OBJECT_FROZEN", "keeps the object in a storage class that must be restored before it can be read."),
  disk: heals("DISK_FULL", "cannot be copied: this machine's disk is full."),
  "clock-skew": heals("CLOCK_SKEW", "refuses the time of the request: set this machine's clock."),
  "no-such-object": heals("OBJECT_GONE", "no longer holds an object that it listed: it will be listed again."),
  "precondition-failed": heals("OBJECT_CHANGED", "replaced an object while it was read: it will be read again."),
  conflict: heals("BUSY", "is busy with another request to the same object."),
  busy: heals("BUSY", "asks to slow down."),
  "server-error": heals("SERVER_ERROR", "failed inside."),
  checksum: heals("CHECKSUM_MISMATCH", "gave other bytes than its checksum says."),
  "not-s3": heals(
    "NOT_S3",
    "answers with something that is not S3: check the endpoint, and whether a proxy stands in between.",
  ),
  unreachable: heals("ENDPOINT_UNREACHABLE", "cannot be reached: check the endpoint and the network."),
  "timed-out": heals("TIMED_OUT", "did not answer in time."),
  cut: heals("CUT_OFF", "broke off in the middle of its answer."),
  other: fails("S3_FAILED", "refused the request."),
};

function fails(code: string, sentence: string): Told {
  return { code, sentence, isRetryable: false };
}

function heals(code: string, sentence: string): Told {
  return { code, sentence, isRetryable: true };
}

/**
 * The failure of a call as SourceError, with a sentence of its own for each kind. Texts of the service or the SDK are not
 * repeated: they may hold what was sent. SourceErrors pass unchanged.
 */
export function asS3SourceError(error: unknown, call: S3Call): SourceError {
  if (error instanceof SourceError) return error;
  const failure = s3Failure(error);
  const { code, isRetryable, sentence } = told[failure.kind];
  const status = failure.code === `HTTP ${failure.status}` ? undefined : failure.status;
  const details = [failure.code, status].filter((detail) => detail !== undefined && detail !== code);
  const region = failure.kind === "wrong-region" && failure.region ? ` It is in ${failure.region}.` : "";
  const refusal = refusalIn(error);
  const message = refusal
    ? `The bucket ${call.bucket} cannot be reached: ${refusal.message}`
    : `The bucket ${call.bucket} at ${call.host} ${sentence}${region} (${details.join(", ")})`;
  return new SourceError(code, message, {
    isRetryable,
    retryAt:
      failure.retryAfterSeconds === undefined ? undefined : new Date(Date.now() + failure.retryAfterSeconds * 1000),
    answer: { request: `${call.request} of ${call.bucket} at ${call.host}`, status: failure.status },
    cause: error,
  });
}

/** What answered is no S3, although nothing failed: the SDK reads any page as an empty answer. */
export function notS3(call: S3Call): SourceError {
  const { code, isRetryable, sentence } = told["not-s3"];
  const answer = { request: `${call.request} of ${call.bucket} at ${call.host}` };
  return new SourceError(code, `The bucket ${call.bucket} at ${call.host} ${sentence}`, { isRetryable, answer });
}

/** Also the shape of a cut answer whose length was announced wrongly. */
export function cutOff(call: S3Call, received: number, expected: number): SourceError {
  const { code, isRetryable, sentence } = told.cut;
  const message = `The bucket ${call.bucket} at ${call.host} ${sentence} (${received} of ${expected} bytes)`;
  const answer = { request: `${call.request} of ${call.bucket} at ${call.host}` };
  return new SourceError(code, message, { isRetryable, answer });
}

function refusalIn(error: unknown): AddressRefused | undefined {
  for (let at: unknown = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth += 1) {
    if (at instanceof AddressRefused) return at;
  }
  return undefined;
}
