import type { S3Client } from "@aws-sdk/client-s3";
import type { AddressGuard } from "../../net/address-guard";
import { createS3Client } from "../../net/s3-client";
import type { S3Credentials } from "./credentials";
import { asS3SourceError } from "./failures";
import { type KeyPattern, parsePattern } from "./pattern";
import type { S3Settings } from "./settings";

export interface S3SourceOptions {
  bucket: string;
  credentials: S3Credentials;
  settings: S3Settings;
  /** Decides which addresses the endpoint may be at. */
  guard: Pick<AddressGuard, "agents" | "assertUrl">;
}

/** A bucket as one meter sees it. */
export interface S3Source {
  bucket: string;
  prefix: string;
  pattern: KeyPattern;
  client: S3Client;
  /** Where requests go, for messages: `s3.ap-southeast-2.amazonaws.com`, `minio.example.com:9000`. */
  host: string;
}

/** An object as it was listed. */
export interface S3Object {
  key: string;
  /** With its quotation marks, as S3 gives it. */
  etag: string;
  sizeBytes: number;
  lastModified: Date;
}

/** Nothing is contacted yet. Throws SourceError ADDRESS_REFUSED for an endpoint that must not be reached. */
export function openS3Source({ bucket, credentials, settings, guard }: S3SourceOptions): S3Source {
  // Stores that are not Amazon's seldom have a name for every bucket, and path style works with Amazon's own address too.
  const { region, endpoint, forcePathStyle = endpoint !== undefined, ...keys } = credentials;
  const host = endpoint === undefined ? `s3.${region}.amazonaws.com` : new URL(endpoint).host;
  const pattern = parsePattern(belowPrefix(settings));
  if ("problem" in pattern) throw new Error(`A key pattern was stored that is none: ${pattern.problem}`);
  try {
    if (endpoint !== undefined) guard.assertUrl(endpoint);
  } catch (error) {
    throw asS3SourceError(error, { bucket, host, request: "connect" });
  }
  const client = createS3Client({
    ...{ region, endpoint, forcePathStyle, credentials: keys },
    agents: guard.agents,
    attempts: 3,
  });
  return { bucket, prefix: settings.prefix, pattern, client, host };
}

/** A pattern that repeats the prefix means the same as one without it. */
function belowPrefix({ prefix, pattern }: S3Settings): string {
  return prefix !== "" && pattern.startsWith(prefix) ? pattern.slice(prefix.length) || "*" : pattern;
}
