import { S3Problem } from "./problem";

/** A key pair and what it may do. */
export interface S3Account {
  accessKeyId: string;
  secretAccessKey: string;
  /** Temporary credentials: requests must carry it. */
  sessionToken?: string;
  /** From this instant on the token has expired. */
  sessionExpiresAt?: Date;
  /** Buckets it may use; absent: all. */
  buckets?: readonly string[];
  /** False: it may read only. */
  canWrite?: boolean;
}

export type Operation =
  | "ListBuckets"
  | "CreateBucket"
  | "HeadBucket"
  | "GetBucketLocation"
  | "DeleteBucket"
  | "ListObjectsV2"
  | "PutObject"
  | "GetObject"
  | "HeadObject"
  | "DeleteObject"
  | "CreateMultipartUpload"
  | "UploadPart"
  | "CompleteMultipartUpload"
  | "AbortMultipartUpload";

const READS: ReadonlySet<Operation> = new Set([
  "ListBuckets",
  "HeadBucket",
  "GetBucketLocation",
  "ListObjectsV2",
  "GetObject",
  "HeadObject",
]);

/** Throws AccessDenied. */
export function assertAllowed(account: S3Account, operation: Operation, bucket: string): void {
  const isOwn = bucket === "" || account.buckets === undefined || account.buckets.includes(bucket);
  const isPossible = account.canWrite !== false || READS.has(operation);
  if (!isOwn || !isPossible) {
    throw new S3Problem(403, "AccessDenied", `The access key may not perform s3:${operation} on ${bucket}.`);
  }
}

/** Throws what S3 answers to a session token that is missing, wrong or old. */
export function assertToken(account: S3Account, token: string | undefined, now: number): void {
  if (account.sessionToken === undefined && token === undefined) return;
  if (token === undefined) throw unknownKey(account.accessKeyId);
  if (token !== account.sessionToken) {
    throw new S3Problem(400, "InvalidToken", "The provided token is malformed or otherwise invalid.");
  }
  if (account.sessionExpiresAt && now >= account.sessionExpiresAt.getTime()) {
    throw new S3Problem(400, "ExpiredToken", "The provided token has expired.");
  }
}

export function unknownKey(accessKeyId: string): S3Problem {
  const message = "The AWS Access Key Id you provided does not exist in our records.";
  return new S3Problem(403, "InvalidAccessKeyId", message, { AWSAccessKeyId: accessKeyId });
}
