import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import { assertToken, type S3Account, unknownKey } from "./accounts";
import { S3Problem } from "./problem";

/** Signature Version 4, as Amazon's "Authenticating Requests" describes it for S3: in a header or in the query. */

const ALGORITHM = "AWS4-HMAC-SHA256";
const MAX_SKEW_MS = 15 * 60 * 1000;
const MAX_PRESIGNED_SECONDS = 7 * 24 * 60 * 60;

export interface SignedRequest {
  method: string;
  /** As sent, with its percent-encoding, without the query. */
  rawPath: string;
  query: URLSearchParams;
  headers: Record<string, string | undefined>;
}

export interface Verified {
  account: S3Account;
  /** As declared: a hash in hex, `UNSIGNED-PAYLOAD`, `STREAMING-…`. */
  payloadHash: string;
  /** For signing the chunks of a streamed body. */
  signingKey: Buffer;
  signature: string;
  scope: string;
  /** `yyyyMMddTHHmmssZ` */
  timestamp: string;
}

interface Claim {
  accessKeyId: string;
  /** `date/region/s3/aws4_request` */
  scope: string;
  region: string;
  signedHeaders: string[];
  signature: string;
  timestamp: string;
  expiresSeconds?: number;
  token?: string;
  payloadHash: string;
}

export interface Verifier {
  accounts: ReadonlyMap<string, S3Account>;
  /** The region this endpoint stands in. */
  region: string;
  now: number;
}

/** Says who sent the request; throws the problem that S3 answers to an unsigned, wrongly signed or old one. */
export function verifySignature(request: SignedRequest, verifier: Verifier): Verified {
  const claim = request.query.has("X-Amz-Signature") ? claimOfQuery(request) : claimOfHeader(request);
  if (claim.region !== verifier.region) {
    const message = `The authorization header is malformed; the region '${claim.region}' is wrong; expecting '${verifier.region}'`;
    throw new S3Problem(400, "AuthorizationHeaderMalformed", message, { Region: verifier.region });
  }
  assertTime(claim, verifier.now);
  const account = verifier.accounts.get(claim.accessKeyId);
  if (!account) throw unknownKey(claim.accessKeyId);
  assertEssentialsSigned(claim, request);
  const key = signingKey(account.secretAccessKey, claim.scope);
  const text = [ALGORITHM, claim.timestamp, claim.scope, sha256Hex(canonicalRequest(request, claim))].join("\n");
  if (!isEqual(hmacHex(key, text), claim.signature)) {
    throw new S3Problem(
      403,
      "SignatureDoesNotMatch",
      "The request signature we calculated does not match the signature you provided. Check your key and signing method.",
      { AWSAccessKeyId: claim.accessKeyId },
    );
  }
  assertToken(account, claim.token, verifier.now);
  const { payloadHash, signature, scope, timestamp } = claim;
  return { account, payloadHash, signingKey: key, signature, scope, timestamp };
}

function claimOfHeader({ headers }: SignedRequest): Claim {
  const authorization = headers.authorization;
  if (!authorization) throw new S3Problem(403, "AccessDenied", "Access Denied: the request is not signed.");
  const [, algorithm, rest = ""] = /^(\S+)\s+(.*)$/.exec(authorization) ?? [];
  if (algorithm !== ALGORITHM) {
    throw new S3Problem(400, "InvalidRequest", `The authorization mechanism you have provided is not ${ALGORITHM}.`);
  }
  const parts = new Map(rest.split(/,\s*/).map((part) => part.split("=", 2) as [string, string]));
  return {
    ...credentialOf(parts.get("Credential")),
    signedHeaders: (parts.get("SignedHeaders") ?? "").split(";"),
    signature: parts.get("Signature") ?? "",
    timestamp: headers["x-amz-date"] ?? "",
    token: headers["x-amz-security-token"],
    payloadHash: headers["x-amz-content-sha256"] ?? missing("x-amz-content-sha256"),
  };
}

function claimOfQuery({ query }: SignedRequest): Claim {
  if (query.get("X-Amz-Algorithm") !== ALGORITHM) throw malformed("X-Amz-Algorithm only supports AWS4-HMAC-SHA256");
  const expires = Number(query.get("X-Amz-Expires"));
  if (!(expires >= 1 && expires <= MAX_PRESIGNED_SECONDS)) throw malformed("X-Amz-Expires must be 1 to 604800 seconds");
  return {
    ...credentialOf(query.get("X-Amz-Credential") ?? undefined),
    signedHeaders: (query.get("X-Amz-SignedHeaders") ?? "").split(";"),
    signature: query.get("X-Amz-Signature") ?? "",
    timestamp: query.get("X-Amz-Date") ?? "",
    expiresSeconds: expires,
    token: query.get("X-Amz-Security-Token") ?? undefined,
    payloadHash: query.get("X-Amz-Content-Sha256") ?? "UNSIGNED-PAYLOAD",
  };
}

function credentialOf(text: string | undefined): Pick<Claim, "accessKeyId" | "scope" | "region"> {
  const [accessKeyId, date, region, service, end, ...more] = (text ?? "").split("/");
  if (!accessKeyId || !date || !region || service !== "s3" || end !== "aws4_request" || more.length > 0) {
    throw malformed('the Credential is mal-formed; expecting "<access key>/YYYYMMDD/REGION/s3/aws4_request"');
  }
  return { accessKeyId, scope: [date, region, service, end].join("/"), region };
}

function assertTime(claim: Claim, now: number): void {
  const parts = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(claim.timestamp);
  if (!parts) throw new S3Problem(403, "AccessDenied", "AWS authentication requires a valid Date or x-amz-date header");
  if (!claim.scope.startsWith(claim.timestamp.slice(0, 8))) throw malformed("Invalid credential date");
  const [, year, month, day, hour, minute, second] = parts.map(Number);
  const at = Date.UTC(year ?? 0, (month ?? 0) - 1, day, hour, minute, second);
  if (claim.expiresSeconds !== undefined && now > at + claim.expiresSeconds * 1000) {
    throw new S3Problem(403, "AccessDenied", "Request has expired");
  }
  const isTooOld = claim.expiresSeconds === undefined && now - at > MAX_SKEW_MS;
  if (isTooOld || at - now > MAX_SKEW_MS) {
    const message = "The difference between the request time and the current time is too large.";
    throw new S3Problem(403, "RequestTimeTooSkewed", message, { ServerTime: new Date(now).toISOString() });
  }
}

/** What is not signed could have been changed on the way: host and all `x-amz-` headers must be. */
function assertEssentialsSigned(claim: Claim, { headers }: SignedRequest): void {
  const needed = ["host", ...Object.keys(headers).filter((name) => name.startsWith("x-amz-"))];
  const unsigned = needed.filter((name) => !claim.signedHeaders.includes(name));
  if (unsigned.length > 0) {
    const message = "There were headers present in the request which were not signed";
    throw new S3Problem(403, "AccessDenied", message, { HeadersNotSigned: unsigned.join(", ") });
  }
}

function canonicalRequest(request: SignedRequest, claim: Claim): string {
  const query = [...request.query]
    .filter(([name]) => name !== "X-Amz-Signature")
    .map(([name, value]) => [encoded(name), encoded(value)] as const)
    .sort(([a, x], [b, y]) => (a === b ? compare(x, y) : compare(a, b)))
    .map(([name, value]) => `${name}=${value}`);
  const headers = claim.signedHeaders.map(
    (name) => `${name}:${(request.headers[name] ?? "").trim().replace(/\s+/g, " ")}\n`,
  );
  const path = request.rawPath.split("/").map((segment) => encoded(decodeURIComponent(segment)));
  return [
    request.method,
    path.join("/"),
    query.join("&"),
    headers.join(""),
    claim.signedHeaders.join(";"),
    claim.payloadHash,
  ].join("\n");
}

export function signingKey(secretAccessKey: string, scope: string): Buffer {
  return scope
    .split("/")
    .reduce((key, part) => createHmac("sha256", key).update(part).digest(), Buffer.from(`AWS4${secretAccessKey}`));
}

export function hmacHex(key: Buffer, text: string): string {
  return createHmac("sha256", key).update(text).digest("hex");
}

export function sha256Hex(data: Uint8Array | string): string {
  return createHash("sha256").update(data).digest("hex");
}

/** RFC 3986, unlike encodeURIComponent also for `!'()*`. */
export function encoded(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`);
}

export function isEqual(a: string, b: string): boolean {
  return a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function malformed(problem: string): S3Problem {
  return new S3Problem(400, "AuthorizationHeaderMalformed", `The authorization header is malformed; ${problem}`);
}

function missing(name: string): never {
  throw new S3Problem(400, "InvalidRequest", `Missing required header for this request: ${name}`);
}
