import { type S3FailureKind, s3Failure } from "../net/s3-failure";
import { ArchiveError, ArchiveUnavailable } from "./archive";

/** Gives an error of the S3 client a sentence that says what to do. Errors of ours pass unchanged. */
export function asS3Unavailable(error: unknown, address: string): unknown {
  if (error instanceof ArchiveError) return error;
  const { kind, code, region } = s3Failure(error);
  const where = kind === "wrong-region" && region ? ` The bucket is in ${region}.` : "";
  return new ArchiveUnavailable(`The archive ${address} ${sentences[kind]} (${code}).${where}`, { cause: error });
}

const sentences: Record<S3FailureKind, string> = {
  "no-such-bucket": "names a bucket that does not exist: create it, or correct ARCHIVE_URL",
  "no-such-object": "holds no such object",
  "bad-bucket-name": "has a bucket name that S3 does not allow: correct ARCHIVE_URL",
  "access-denied":
    "denies access: give the access key s3:ListBucket on the bucket and s3:GetObject and s3:PutObject on its objects",
  "wrong-region": "is in another region: set `region=` in ARCHIVE_URL",
  "expired-token": "refuses an expired session token: renew AWS_SESSION_TOKEN",
  "bad-token": "refuses the session token: correct or remove AWS_SESSION_TOKEN",
  "unknown-access-key": "does not know the access key: correct AWS_ACCESS_KEY_ID",
  "wrong-secret": "refuses the signature: correct AWS_SECRET_ACCESS_KEY",
  "clock-skew": "refuses the time of the request: set this machine's clock",
  "no-credentials": "needs credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or give this machine a role",
  "precondition-failed": "refused a conditional request",
  conflict: "is busy with another write to the same object",
  busy: "asks to slow down",
  "server-error": "failed inside",
  "not-implemented": "does not offer a function of S3 that is needed (conditional writes, checksums)",
  frozen: "holds the object in a storage class that must be restored first",
  checksum: "received other bytes than were sent",
  "not-s3": "answers with something that is not S3: check `endpoint=` in ARCHIVE_URL",
  unreachable: "cannot be reached: check `endpoint=` in ARCHIVE_URL and the network",
  "timed-out": "did not answer in time: check `endpoint=` in ARCHIVE_URL and the network",
  cut: "closed the connection in the middle",
  tls: "has a certificate or an encryption that is not trusted",
  disk: "could not be prepared, because this machine's temporary directory is full",
  "address-refused": "is at an address that is not allowed",
  other: "failed",
};
