import { createHash } from "node:crypto";
import { crc32 } from "node:zlib";
import { invalidArgument, notImplemented, S3Problem } from "./problem";

const PREFIX = "x-amz-checksum-";
/** Headers of the family that name an algorithm or a mode, not a value. */
const NOT_VALUES = new Set(["x-amz-checksum-mode", "x-amz-checksum-algorithm", "x-amz-checksum-type"]);

/** By the name behind `x-amz-checksum-`: the value in base64. */
const algorithms: Record<string, (bytes: Uint8Array) => string> = {
  crc32: (bytes) => base64(crc32(bytes), 4),
  crc32c: (bytes) => base64(crc32c(bytes), 4),
  crc64nvme: (bytes) => crc64nvme(bytes).toString("base64"),
  sha1: (bytes) => createHash("sha1").update(bytes).digest("base64"),
  sha256: (bytes) => createHash("sha256").update(bytes).digest("base64"),
};

export const md5 = (bytes: Uint8Array): Buffer => createHash("md5").update(bytes).digest();

/**
 * Compares every checksum that came as a header or a trailer with the bytes, and returns them for keeping. Throws
 * BadDigest; an algorithm that is not known here is refused, never taken on trust.
 */
export function verifyChecksums(
  headers: Record<string, string | undefined>,
  bytes: Uint8Array,
): Record<string, string> {
  const kept: Record<string, string> = {};
  const contentMd5 = headers["content-md5"];
  if (contentMd5 !== undefined && contentMd5 !== md5(bytes).toString("base64")) throw badDigest("Content-MD5");
  for (const [name, value] of Object.entries(headers)) {
    if (!name.startsWith(PREFIX) || NOT_VALUES.has(name) || value === undefined) continue;
    const algorithm = algorithms[name.slice(PREFIX.length)];
    if (!algorithm) throw notImplemented(name);
    if (!/^[A-Za-z0-9+/]+=*$/.test(value)) throw invalidArgument(`Value for ${name} header is invalid.`);
    if (algorithm(bytes) !== value) throw badDigest(name);
    kept[name] = value;
  }
  return kept;
}

function badDigest(name: string): S3Problem {
  return new S3Problem(400, "BadDigest", `The ${name} you specified did not match what we received.`);
}

function base64(value: number, length: number): string {
  const bytes = Buffer.alloc(length);
  bytes.writeUInt32BE(value >>> 0);
  return bytes.toString("base64");
}

/** Castagnoli's polynomial, reflected. */
const crc32cTable = Uint32Array.from({ length: 256 }, (_, index) => {
  let value = index;
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ 0x82f63b78 : value >>> 1;
  return value;
});

function crc32c(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = (crc >>> 8) ^ (crc32cTable[(crc ^ byte) & 0xff] ?? 0);
  return ~crc;
}

/** CRC-64/NVME, reflected, in two halves of 32 bits: BigInt is a hundred times slower. */
const crc64High = new Uint32Array(256);
const crc64Low = new Uint32Array(256);
for (let index = 0; index < 256; index += 1) {
  let high = 0;
  let low = index;
  for (let bit = 0; bit < 8; bit += 1) {
    const isOdd = low & 1;
    low = ((low >>> 1) | (high << 31)) >>> 0;
    high >>>= 1;
    if (isOdd) {
      high = (high ^ 0x9a6c9329) >>> 0;
      low = (low ^ 0xac4bc9b5) >>> 0;
    }
  }
  crc64High[index] = high;
  crc64Low[index] = low;
}

function crc64nvme(bytes: Uint8Array): Buffer {
  let high = 0xffffffff;
  let low = 0xffffffff;
  for (const byte of bytes) {
    const index = (low ^ byte) & 0xff;
    low = (((low >>> 8) | (high << 24)) ^ (crc64Low[index] ?? 0)) >>> 0;
    high = ((high >>> 8) ^ (crc64High[index] ?? 0)) >>> 0;
  }
  const result = Buffer.alloc(8);
  result.writeUInt32BE(~high >>> 0, 0);
  result.writeUInt32BE(~low >>> 0, 4);
  return result;
}
