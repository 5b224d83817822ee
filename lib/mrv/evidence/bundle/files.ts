import { createHash } from "node:crypto";
import { crc32 } from "node:zlib";
import { type Archive, ArchiveError, ArchiveUnavailable } from "../../../archive/archive";
import { NotPossibleNow, Unavailable } from "../../../errors";
import { sha256Hex } from "../../../secrets";
import type { EvidenceObject } from "../manifest";
import type { ZipEntry } from "../zip/write-zip";
import { objectName } from "./documents";

export interface BundleFile extends ZipEntry {
  sha256: string;
}

export function heldFile(name: string, content: string | Uint8Array): BundleFile {
  const bytes = Buffer.from(content);
  const chunks = async function* () {
    yield bytes;
  };
  return { name, sizeBytes: bytes.length, crc32: crc32(bytes), sha256: sha256Hex(bytes), chunks };
}

/**
 * An archived object, read here once for its checksum, and again when the bundle is written: nothing of it is held. Throws NotPossibleNow, with the
 * object's key, where the archive has lost it or holds other bytes.
 */
export async function archivedFile(archive: Archive, object: EvidenceObject): Promise<BundleFile> {
  const { key, sha256 } = object;
  const hash = createHash("sha256");
  let sum = 0;
  let sizeBytes = 0;
  try {
    for await (const chunk of archive.getStream(key, sha256)) {
      hash.update(chunk);
      sum = crc32(chunk, sum);
      sizeBytes += chunk.byteLength;
    }
  } catch (error) {
    if (error instanceof ArchiveUnavailable) throw new Unavailable(error.message, { cause: error });
    if (error instanceof ArchiveError) throw new NotPossibleNow(`The evidence is not whole. ${error.message}`);
    throw error;
  }
  const chunks = () => archive.getStream(key, sha256);
  return { name: objectName(object), sizeBytes, crc32: sum, sha256: hash.digest("hex"), chunks };
}
