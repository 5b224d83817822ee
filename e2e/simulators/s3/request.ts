import type { Operation } from "./accounts";
import { invalidArgument, notImplemented, S3Problem } from "./problem";
import type { SignedRequest } from "./signature";

/** A request whose sender and bytes are verified. */
export interface S3Request extends SignedRequest {
  operation: Operation;
  /** Empty: the request is to the service. */
  bucket: string;
  /** Empty: the request is to the bucket. */
  key: string;
  bytes: Buffer;
  /** Headers and trailers of checksums included. */
  headers: Record<string, string | undefined>;
}

export interface Reply {
  status: number;
  headers?: Record<string, string>;
  /** With `contentLength`, of a HEAD: not sent. */
  body?: Buffer | string;
  contentType?: string;
}

/** `http://host/bucket/key`, and `http://bucket.localhost/key` as SDKs do it without `forcePathStyle`. */
export function placeOf(rawPath: string, host: string): { bucket: string; key: string } {
  let path: string;
  try {
    path = decodeURIComponent(rawPath);
  } catch {
    throw new S3Problem(400, "InvalidURI", "Couldn't parse the specified URI.");
  }
  const [, virtual] = /^(.+?)(?:\.s3(?:\.[a-z0-9-]+)?)?\.localhost(?::\d+)?$/.exec(host) ?? [];
  if (virtual !== undefined && virtual !== "s3") return { bucket: virtual, key: path.slice(1) };
  const slash = path.indexOf("/", 1);
  return slash < 0 ? { bucket: path.slice(1), key: "" } : { bucket: path.slice(1, slash), key: path.slice(slash + 1) };
}

/** Parameters that say nothing about the operation, and those that each operation knows. */
const COMMON = ["x-id", "X-Amz-"];
const KNOWN: Partial<Record<Operation, string[]>> = {
  GetBucketLocation: ["location"],
  ListObjectsV2: [
    "list-type",
    "prefix",
    "delimiter",
    "max-keys",
    "continuation-token",
    "start-after",
    "encoding-type",
    "fetch-owner",
  ],
  CreateMultipartUpload: ["uploads"],
  UploadPart: ["partNumber", "uploadId"],
  CompleteMultipartUpload: ["uploadId"],
  AbortMultipartUpload: ["uploadId"],
};

/** Which operation a request is. What the simulator does not offer is refused by name, never half done. */
export function operationOf(method: string, bucket: string, key: string, query: URLSearchParams): Operation {
  const operation = bucket === "" ? ofService(method) : key === "" ? ofBucket(method, query) : ofObject(method, query);
  if (!operation) throw notImplemented(`${method} ${bucket === "" ? "/" : key === "" ? "bucket" : "object"}?${query}`);
  for (const name of query.keys()) {
    const isKnown = KNOWN[operation]?.includes(name) || COMMON.some((known) => name.startsWith(known));
    if (!isKnown) throw notImplemented(`the parameter ${name} of ${operation}`);
  }
  if (key !== "" && Buffer.byteLength(key) > 1024) throw new S3Problem(400, "KeyTooLongError", "Your key is too long");
  return operation;
}

function ofService(method: string): Operation | undefined {
  return method === "GET" ? "ListBuckets" : undefined;
}

function ofBucket(method: string, query: URLSearchParams): Operation | undefined {
  if (method === "PUT") return "CreateBucket";
  if (method === "HEAD") return "HeadBucket";
  if (method === "DELETE") return "DeleteBucket";
  if (method === "GET" && query.has("location")) return "GetBucketLocation";
  if (method === "GET" && query.get("list-type") === "2") return "ListObjectsV2";
  return undefined;
}

function ofObject(method: string, query: URLSearchParams): Operation | undefined {
  const isPart = query.has("uploadId");
  if (method === "PUT") return isPart ? "UploadPart" : "PutObject";
  if (method === "GET") return isPart ? undefined : "GetObject";
  if (method === "HEAD") return "HeadObject";
  if (method === "DELETE") return isPart ? "AbortMultipartUpload" : "DeleteObject";
  if (method === "POST")
    return isPart ? "CompleteMultipartUpload" : query.has("uploads") ? "CreateMultipartUpload" : undefined;
  return undefined;
}

export function assertBucketName(name: string): void {
  if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name) || name.includes("..")) {
    throw new S3Problem(400, "InvalidBucketName", "The specified bucket is not valid.", { BucketName: name });
  }
}

export function requiredNumber(query: URLSearchParams, name: string, least: number, most: number): number {
  const value = Number(query.get(name));
  if (!Number.isInteger(value) || value < least || value > most) {
    throw invalidArgument(`${name} must be an integer between ${least} and ${most}, inclusive`);
  }
  return value;
}
