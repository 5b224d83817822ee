import { S3Problem } from "./problem";
import { hmacHex, isEqual, sha256Hex, type Verified } from "./signature";

const EMPTY_SHA256 = sha256Hex("");

export interface DecodedBody {
  bytes: Buffer;
  /** Trailing headers, lower-case. */
  trailers: Record<string, string>;
}

/** What was sent, without its framing. Throws where it is not what was signed or announced. */
export function decodeBody(raw: Buffer, headers: Record<string, string | undefined>, signed: Verified): DecodedBody {
  const { payloadHash } = signed;
  if (payloadHash.startsWith("STREAMING-")) return decodeChunks(raw, headers, signed);
  if (payloadHash !== "UNSIGNED-PAYLOAD" && payloadHash !== sha256Hex(raw)) {
    const message = "The provided 'x-amz-content-sha256' header does not match what was computed.";
    throw new S3Problem(400, "XAmzContentSHA256Mismatch", message);
  }
  return { bytes: raw, trailers: {} };
}

const KINDS = new Set([
  "STREAMING-AWS4-HMAC-SHA256-PAYLOAD",
  "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER",
  "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
]);

/** `aws-chunked`: `size[;chunk-signature=…]CRLF bytes CRLF` and so on to a chunk of size 0, then trailers. */
function decodeChunks(raw: Buffer, headers: Record<string, string | undefined>, signed: Verified): DecodedBody {
  const kind = signed.payloadHash;
  if (!KINDS.has(kind)) throw new S3Problem(400, "InvalidArgument", `x-amz-content-sha256 ${kind} is not known.`);
  const areChunksSigned = !kind.includes("UNSIGNED");
  const parts: Buffer[] = [];
  let previous = signed.signature;
  let at = 0;
  for (let isLast = false; !isLast; ) {
    const end = raw.indexOf("\r\n", at);
    const [, size, signature] =
      /^([0-9a-f]+)(?:;chunk-signature=([0-9a-f]{64}))?$/i.exec(end < 0 ? "" : raw.toString("latin1", at, end)) ?? [];
    if (size === undefined) throw incomplete();
    const length = Number.parseInt(size, 16);
    const bytes = raw.subarray(end + 2, end + 2 + length);
    if (bytes.length < length) throw incomplete();
    if (areChunksSigned) {
      const text = [
        "AWS4-HMAC-SHA256-PAYLOAD",
        signed.timestamp,
        signed.scope,
        previous,
        EMPTY_SHA256,
        sha256Hex(bytes),
      ];
      previous = hmacHex(signed.signingKey, text.join("\n"));
      if (!isEqual(previous, signature ?? "")) throw wrongChunk();
    }
    isLast = length === 0;
    at = end + 2 + length;
    if (!isLast) {
      if (raw.toString("latin1", at, at + 2) !== "\r\n") throw incomplete();
      at += 2;
      parts.push(bytes);
    }
  }
  const bytes = Buffer.concat(parts);
  if (headers["x-amz-decoded-content-length"] !== String(bytes.length)) throw incomplete();
  const trailers = kind.endsWith("-TRAILER") ? readTrailers(raw.toString("utf8", at), headers["x-amz-trailer"]) : {};
  if (kind.endsWith("-TRAILER") && areChunksSigned) verifyTrailers(trailers, previous, signed);
  return { bytes, trailers };
}

function readTrailers(text: string, announced = ""): Record<string, string> {
  const lines = text.split(/\r?\n/).filter((line) => line !== "");
  const trailers = Object.fromEntries(
    lines.map((line) => {
      const colon = line.indexOf(":");
      return [line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim()];
    }),
  );
  for (const name of announced.split(",").map((each) => each.trim().toLowerCase())) {
    if (name !== "" && trailers[name] === undefined) {
      throw new S3Problem(
        400,
        "MalformedTrailerError",
        "The request contained trailing data that was not well-formed.",
      );
    }
  }
  return trailers;
}

function verifyTrailers(trailers: Record<string, string>, previous: string, signed: Verified): void {
  const { "x-amz-trailer-signature": signature = "", ...named } = trailers;
  const lines = Object.entries(named).map(([name, value]) => `${name}:${value}\n`);
  const text = ["AWS4-HMAC-SHA256-TRAILER", signed.timestamp, signed.scope, previous, sha256Hex(lines.sort().join(""))];
  if (!isEqual(hmacHex(signed.signingKey, text.join("\n")), signature)) throw wrongChunk();
}

function incomplete(): S3Problem {
  return new S3Problem(400, "IncompleteBody", "The request body terminated unexpectedly or is wrongly framed.");
}

function wrongChunk(): S3Problem {
  return new S3Problem(403, "SignatureDoesNotMatch", "The signature of a chunk does not match the one calculated.");
}
