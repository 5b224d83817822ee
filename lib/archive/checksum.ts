import { createHash } from "node:crypto";
import { sha256Hex } from "../secrets";
import { ChecksumMismatch } from "./archive";

/** Gives the bytes back if they have this SHA-256 (lower-case hex). */
export function verified(key: string, bytes: Uint8Array, sha256: string): Uint8Array {
  const actual = sha256Hex(bytes);
  if (actual !== sha256) throw mismatch(key, sha256, actual);
  return bytes;
}

/** Passes the chunks on, and throws ChecksumMismatch after the last one if they were not the ones that were stored. */
export async function* verifiedChunks(
  key: string,
  chunks: AsyncIterable<Uint8Array>,
  sha256: string,
): AsyncGenerator<Uint8Array> {
  const hash = createHash("sha256");
  for await (const chunk of chunks) {
    hash.update(chunk);
    yield chunk;
  }
  const actual = hash.digest("hex");
  if (actual !== sha256) throw mismatch(key, sha256, actual);
}

function mismatch(key: string, expected: string, actual: string): ChecksumMismatch {
  return new ChecksumMismatch(
    `The archived object ${key} has SHA-256 ${actual} instead of ${expected}: it was changed or damaged after it was ` +
      "written. Restore it from a backup of the archive.",
  );
}
