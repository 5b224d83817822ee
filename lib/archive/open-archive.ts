import { fileURLToPath } from "node:url";
import { type Archive, ArchiveUnavailable } from "./archive";
import { createFileSystemArchive } from "./file-system";
import { assertKey } from "./keys";
import { createS3Archive, type S3ArchiveOptions } from "./s3";

export interface OpenArchiveOptions {
  /** For S3. Absent: as described at `openArchive`. */
  credentials?: S3ArchiveOptions["credentials"];
}

/**
 * Opens the archive at an address (`ARCHIVE_URL`). Nothing is contacted or created before the first call; `check()` tells
 * whether it works.
 *
 * - `file:/absolute/path`: a directory, created when first written to.
 * - `s3://bucket/prefix?region=…&endpoint=…&forcePathStyle=true`: the prefix and all parameters may be left out. Without
 *   `region`: AWS_REGION or AWS_DEFAULT_REGION; beside an `endpoint` us-east-1 will do. `endpoint` is the address of a store
 *   that is not Amazon's; most of them need `forcePathStyle=true`. Credentials are found where the AWS SDK looks:
 *   AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN, a profile, the role of the machine. They never stand in
 *   the address, which is shown on screens.
 *
 * Throws ArchiveUnavailable with what is wrong with the address.
 */
export function openArchive(address: string, options: OpenArchiveOptions = {}): Archive {
  if (address.startsWith("file:")) return createFileSystemArchive(directoryOf(address));
  if (address.startsWith("s3:"))
    return createS3Archive({ ...parseS3Address(address), credentials: options.credentials });
  throw wrong("must begin with `file:/` or `s3://`");
}

function directoryOf(address: string): string {
  if (!address.startsWith("file:/")) throw wrong("needs an absolute path, such as file:/var/lib/meterproof/archive");
  try {
    const directory = fileURLToPath(address);
    return directory.length > 1 ? directory.replace(/\/+$/, "") : directory;
  } catch (cause) {
    throw wrong("is no file address of this machine, such as file:/var/lib/meterproof/archive", cause);
  }
}

function parseS3Address(address: string): S3ArchiveOptions {
  const url = parseUrl(address, "is no S3 address, such as s3://bucket/prefix?region=ap-southeast-2");
  if (url.username !== "" || url.password !== "") {
    throw wrong("must not hold credentials: put them into AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY");
  }
  if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(url.hostname) || url.port !== "") {
    throw wrong("names no bucket, as in s3://bucket/prefix");
  }
  const prefix = url.pathname.replace(/^\/+|\/+$/g, "");
  if (prefix !== "") assertKey(prefix);
  const { region, endpoint, forcePathStyle } = parseParameters(url.searchParams);
  return {
    address,
    bucket: url.hostname,
    prefix,
    region: region ?? regionOfEnvironment() ?? (endpoint ? "us-east-1" : noRegion()),
    endpoint,
    forcePathStyle: forcePathStyle === "true",
  };
}

type Parameter = "region" | "endpoint" | "forcePathStyle";

function parseParameters(search: URLSearchParams): Partial<Record<Parameter, string>> {
  const given: Partial<Record<Parameter, string>> = {};
  for (const [name, value] of search) {
    if (name !== "region" && name !== "endpoint" && name !== "forcePathStyle") {
      throw wrong(`has an unknown parameter ${name}; there are region, endpoint and forcePathStyle`);
    }
    given[name] = value;
  }
  if (given.forcePathStyle !== undefined && !["true", "false"].includes(given.forcePathStyle)) {
    throw wrong("must have true or false behind forcePathStyle=");
  }
  if (given.endpoint !== undefined) {
    const endpoint = parseUrl(given.endpoint, "must have an http(s) address behind endpoint=");
    if (!["http:", "https:"].includes(endpoint.protocol)) throw wrong("must have an http(s) address behind endpoint=");
    if (endpoint.username !== "" || endpoint.password !== "") throw wrong("must not hold credentials in its endpoint");
  }
  return given;
}

function parseUrl(text: string, problem: string): URL {
  try {
    return new URL(text);
  } catch (cause) {
    throw wrong(problem, cause);
  }
}

function regionOfEnvironment(): string | undefined {
  return process.env.AWS_REGION || process.env.AWS_DEFAULT_REGION || undefined;
}

function noRegion(): never {
  throw wrong("needs a region: add `?region=…`, or set AWS_REGION");
}

/** Does not repeat the address: a wrong one may hold a secret. */
function wrong(problem: string, cause?: unknown): ArchiveUnavailable {
  return new ArchiveUnavailable(`The address of the archive (ARCHIVE_URL) ${problem}.`, { cause });
}
